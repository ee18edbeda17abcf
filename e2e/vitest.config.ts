import { defineConfig } from 'vitest/config';

/** Browser tests: one scenario a file, two at a time, each with a server and a database of its own. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    globalSetup: ['e2e/demo-setup.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
