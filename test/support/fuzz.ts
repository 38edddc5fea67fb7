import { execFile } from 'node:child_process';
import type { Parameters } from 'fast-check';
import { cliCommand } from './cli.ts';

/**
 * The parameters of a fuzz that makes `few` runs; READY_HOOKS_FUZZ_RUNS makes more, and READY_HOOKS_FUZZ_SEED other ones. `note` prints
 * a line with the seed.
 */
export function fuzzing(few: number) {
  const numRuns = Number(process.env['READY_HOOKS_FUZZ_RUNS'] ?? few);
  const seed = Number(process.env['READY_HOOKS_FUZZ_SEED'] ?? Date.now() % 2 ** 31);
  const runs: Parameters<unknown> = { numRuns, seed };
  return { runs, note: (line: string) => process.stdout.write(`fuzz with seed ${seed}: ${line}\n`) };
}

export interface Ended {
  args: readonly string[];
  code: number | NodeJS.Signals;
  output: string;
  ms: number;
}

/** An environment in which no engine answers, and none can be started: there is no Docker, and no Python. */
export const WITHOUT_ENGINES = { PATH: '', AWS_ENDPOINT_URL: 'http://127.0.0.1:9', READY_HOOKS_PYTHON: '/none' };

/** No command with wrong input may take longer. */
const LIMIT_MS = 10_000;

/** Runs `ready-hooks` with exactly this environment. */
export function runCli(args: readonly string[], cwd: string, env: Record<string, string>): Promise<Ended> {
  const [node = '', ...all] = cliCommand([...args]);
  const began = performance.now();
  return new Promise((done) => {
    const child = execFile(
      node,
      all,
      { cwd, env, timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        const code = error ? (error.signal ?? Number(error.code)) : 0;
        done({ args, code, output: stdout + stderr, ms: performance.now() - began });
      },
    );
    child.stdin?.end();
    // dev ends only when it is stopped: here, once it waits for a fix.
    if (args[0] === 'dev') child.stdout?.on('data', (text) => /waiting for a fix/.test(text) && child.kill('SIGTERM'));
  });
}

const CODES = [0, 1, 2, 130, 143];
// biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be printed
const UNSAFE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** Whatever a user does, a command ends in time, with one of its exit codes, and never with a stack. */
export function expectSound({ args, code, output, ms }: Ended): void {
  const shown = { args, code, ms: Math.round(ms), output: output.slice(0, 2_000) };
  const problems = [
    !CODES.includes(code as number) && 'an unknown exit code',
    /This is a bug|^\s+at .*[:(]\d+|node:internal|Uncaught|Warning:/m.test(output) &&
      'a stack, a bug or a warning of Node.js',
    UNSAFE.test(output) && 'control characters',
    code === 1 && output.trim() === '' && 'no reason',
  ].filter(Boolean);
  if (problems.length > 0) throw new Error(`${problems.join(', ')}: ${JSON.stringify(shown)}`);
}
