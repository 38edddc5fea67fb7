import { defineConfig } from 'vitest/config';
export default defineConfig({ root: '/tmp/h-errors', resolve: { conditions: ['ready-hooks-source'] }, test: { include: ['test/full/fuzz-*.test.ts','test/unit/cloudformation/mutated.test.ts'], globalSetup: ['test/support/setup/run.ts', 'test/support/setup/programs.ts'], testTimeout: 3600000 } });
