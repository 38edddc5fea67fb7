import { type Command, CommanderError } from 'commander';
import { AbortedError } from '../runtime/errors.ts';
import { tellFailure } from '../runtime/report/error-text.ts';

/** Exit codes of `ready-hooks`: 0 ready, 1 failed, 2 the command line itself is wrong, 130 stopped by Ctrl-C. */
const EXIT = { ok: 0, failed: 1, usage: 2, stopped: 130 } as const;

/** Runs the program and gives the process's exit code; the only place that turns a failure into one. */
export async function runProgram(program: Command, argv: string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', outliveReader);
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    process.stderr.write(`${tellFailure(error)}\n`);
    return error instanceof AbortedError ? EXIT.stopped : EXIT.failed;
  }
}

/** A reader that has seen enough, as `head`, is no reason to leave a pipeline half made: what is written after that is lost. */
function outliveReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** An AbortSignal that Ctrl-C or SIGTERM aborts, and with `whenUnread` the end of what reads stdout; a second Ctrl-C ends the process at once. */
export function stopSignal({ whenUnread = false } = {}): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => stop.abort(new AbortedError(`Stopped by ${name}.`)));
  }
  if (whenUnread) process.stdout.once('error', () => stop.abort(new AbortedError('Nobody reads what is told.')));
  return stop.signal;
}
