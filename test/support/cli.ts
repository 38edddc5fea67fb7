import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RUN } from './setup/run.ts';
import { OnTerminal } from './terminal.ts';

const TSX = import.meta.resolve('tsx');
const REPO = fileURLToPath(new URL('../..', import.meta.url));

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

interface Options {
  /** Default: the repository. */
  cwd?: string;
  env?: Record<string, string>;
}

/** Runs `ready-hooks` in a separate process. */
export function cli(args: string[], options: Options = {}): Promise<CliResult> {
  return script('src/cli/main.ts', args, options);
}

/** Runs a TypeScript file of the repository, bundled if test/support/setup/programs.ts lists it, with only the given environment, PATH and HOME. */
export function script(file: string, args: string[], { cwd = REPO, env = {} }: Options = {}): Promise<CliResult> {
  return new Promise((done) => {
    execFile(process.execPath, nodeArguments(file, args), { cwd, env: environment(env) }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

/** The command line that runs `ready-hooks`. */
export function cliCommand(args: string[]): string[] {
  return [process.execPath, ...nodeArguments('src/cli/main.ts', args)];
}

/** Starts `ready-hooks` in a separate process that runs until it is stopped. */
export function startCli(args: string[], { cwd = REPO, env = {} }: Options = {}) {
  const child = spawn(process.execPath, nodeArguments('src/cli/main.ts', args), { cwd, env: environment(env) });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk) => {
      said[stream] += chunk;
    });
  const ended = new Promise<number | NodeJS.Signals | null>((done) =>
    child.once('close', (code, signal) => done(code ?? signal)),
  );
  return { said, ended, stop: (signal: NodeJS.Signals = 'SIGINT') => child.kill(signal) };
}

/** Runs `ready-hooks` on a terminal. */
export function onTerminal(args: string[], { cwd = REPO, env = {}, columns }: Options & { columns?: number } = {}) {
  return new OnTerminal(cliCommand(args), { cwd, env: environment(env), ...(columns && { columns }) });
}

function nodeArguments(file: string, args: string[]): string[] {
  const programs = process.env['READY_HOOKS_TEST_PROGRAMS'];
  if (!programs) throw new Error('This project of vitest.config.ts lacks test/support/setup/programs.ts');
  const bundled = join(programs, file.replace(/\.ts$/, '.mjs'));
  if (existsSync(bundled)) return [bundled, ...args];
  return ['--conditions', 'ready-hooks-source', '--import', TSX, join(REPO, file), ...args];
}

const environment = (env: Record<string, string>) => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  // The engines that it starts belong to this run of the tests.
  [RUN]: process.env[RUN],
  ...env,
});
