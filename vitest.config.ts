import { defineConfig } from 'vitest/config';

/** Unit and database tests. Two workers: the machine of CI has two cores. */
export default defineConfig({
  test: {
    include: ['{apps,modules,placement,platform,tools,ui}/**/*.test.{ts,tsx}'],
    globalSetup: ['platform/testing/global-setup.ts'],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
