import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const usesDemo = ({ moduleId }: TestSpecification): boolean =>
  readFileSync(moduleId, 'utf8').includes('startDemo(');

/** One scenario on the demonstration season begins and builds it; those without go on beside it, the others that want it come last. */
class DemoBuiltMeanwhile extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const [builder, ...others] = sorted.filter(usesDemo);
    return [...(builder ? [builder] : []), ...sorted.filter((file) => !usesDemo(file)), ...others];
  }
}

/** Browser tests: one scenario a file, two at a time, each with a server and a database of its own. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    globalSetup: ['e2e/demo-setup.ts'],
    sequence: { sequencer: DemoBuiltMeanwhile },
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 420_000,
  },
});
