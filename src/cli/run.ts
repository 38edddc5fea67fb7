import { type Command, CommanderError } from 'commander';
import { AbortedError } from '../runtime/errors.ts';
import { failureText } from '../runtime/report/error-text.ts';

/** Exit codes of `ready-hooks`: 0 success, 1 failure, 2 invalid command line, 130 stopped by Ctrl-C. */
const EXIT = { ok: 0, failed: 1, usage: 2, stopped: 130 } as const;

/** Runs the program and returns the exit code; the only place that turns a failure into an exit code. */
export async function runProgram(program: Command, argv: string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    process.stderr.write(`${failureText(error)}\n`);
    return error instanceof AbortedError ? EXIT.stopped : EXIT.failed;
  }
}

/** Ignore EPIPE (`| head`): finish the run and drop further output. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** A signal that Ctrl-C or SIGTERM aborts, and with `onClosedOutput` also a closed stdout. A second Ctrl-C ends the process at once. */
export function stopSignal({ onClosedOutput = false } = {}): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => stop.abort(new AbortedError(`Stopped by ${name}.`)));
  }
  if (onClosedOutput)
    process.stdout.once('error', () => stop.abort(new AbortedError('Stopped because the output was closed.')));
  return stop.signal;
}
