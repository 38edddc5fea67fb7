import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { AbortedError } from '../../runtime/errors.ts';
import { family, identify, signalTo } from './processes.ts';

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** Milliseconds; default: none. */
  timeoutMs?: number;
}

/** A command that did not start, was killed, or exited with a code other than 0; the message is the reason. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/**
 * Runs a command and returns its stdout. Throws CommandError; if the signal fires, throws AbortedError once the command
 * has ended, so that the caller can remove its files.
 */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { cwd, env, signal, timeoutMs = 0 } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new AbortedError(`${basename(command)} was not started: already aborted.`));
    const child = execFile(
      command,
      args,
      { cwd, env, timeout: timeoutMs, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        signal?.removeEventListener('abort', stop);
        if (signal?.aborted) reject(new AbortedError(`${basename(command)} was stopped.`, { cause: error }));
        else if (error) reject(new CommandError(reason(stderr || stdout) || error.message, { cause: error }));
        else resolve(stdout);
      },
    );
    const stop = () => killFamily(child.pid);
    signal?.addEventListener('abort', stop);
  });
}

/** Child processes of a command may outlive it and keep writing. */
function killFamily(pid: number | undefined): void {
  const identity = pid === undefined ? undefined : identify(pid);
  for (const each of identity ? family(identity) : []) signalTo(each, 'SIGKILL');
}

const HAS_REASON = /error|fail|refused|denied|no (matching|space|such)|not found|root-owned/i;
const HAS_NO_REASON = /^$|complete log of this run|^log files were not written|^(hint|warning):|^at |^\w+: '/i;

/** The last line in which a program (uv, pip, npm, LocalStack) gives the reason for its failure; otherwise its last line. */
export function reason(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim().replace(/^(npm (error|ERR!)|error:|caused by:)\s*/i, ''))
    .filter((line) => !HAS_NO_REASON.test(line));
  return lines.filter((line) => HAS_REASON.test(line)).at(-1) ?? lines.at(-1) ?? '';
}
