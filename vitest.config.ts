import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const resolve = { conditions: ['ready-hooks-source'] };
/** For tests that start processes. */
const processes = ['test/support/setup/run.ts', 'test/support/setup/programs.ts'];

const engine = {
  globalSetup: [...processes, 'test/support/setup/engines.ts'],
  setupFiles: ['test/support/setup/clean-engine.ts'],
  isolate: false,
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // Each worker has a LocalStack of its own. These tests also wait, so three of them keep two cores busy.
  maxWorkers: 3,
  sequence: { groupOrder: 2 },
};

/** Files that take long although they are small. */
const LONG = [
  'container-removed',
  'drain',
  'older-localstack',
  'other-user',
  'package',
  'prune-engines',
  'testing-engine',
];

/** Starts long files first. In a new clone, vitest knows no durations and would start the largest first. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const group = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    const isShort = ({ moduleId }: TestSpecification) => !LONG.some((name) => moduleId.endsWith(`/${name}.test.ts`));
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => group(a) - group(b) || Number(isShort(a)) - Number(isShort(b)));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    // Under Node below 22 the SDK prints a warning at the first client.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    projects: [
      {
        extends: true,
        resolve,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          setupFiles: ['test/unit/setup.ts'],
          testTimeout: 30_000,
          // Each worker imports esbuild, the SDK and the sources once, not again for each file.
          isolate: false,
          // By default vitest leaves one core idle, which is half of a machine with two.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        resolve,
        test: {
          name: 'process',
          include: ['test/process/**/*.test.ts'],
          globalSetup: processes,
          testTimeout: 60_000,
          isolate: false,
          maxWorkers: '100%',
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, resolve, test: { ...engine, name: 'engine', include: ['test/engine/**/*.test.ts'] } },
      { extends: true, resolve, test: { ...engine, name: 'full', include: ['test/full/**/*.test.ts'] } },
      {
        extends: true,
        resolve,
        test: {
          name: 'docker',
          include: ['test/docker/**/*.test.ts'],
          globalSetup: processes,
          testTimeout: 240_000,
          hookTimeout: 60_000,
          // The files mostly wait: for Docker, for time-outs, for pulls.
          maxWorkers: 4,
          maxConcurrency: 2,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
