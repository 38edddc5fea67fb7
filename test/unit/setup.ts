import { vi } from 'vitest';

// Only the project's modules are mocked: esbuild still starts its service.
vi.mock('node:child_process', () => {
  const starts = ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'];
  const reject = (command: string) => {
    throw new Error(`A unit test starts ${command}: tests that start processes belong in test/process.`);
  };
  return Object.fromEntries(starts.map((name) => [name, reject]));
});
