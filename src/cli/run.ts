import { constants } from 'node:os';
import { type Command, CommanderError } from 'commander';
import { AbortedError } from '../runtime/errors.ts';
import { linked } from '../runtime/linked.ts';
import { failureText } from '../runtime/report/error-text.ts';
import { endJsonLines } from './json.ts';
import { endLive, eraseEcho, note, paintFor } from './terminal.ts';

/** Exit codes of `ready-hooks`: 0 success, 1 failure, 2 invalid command line, 130 stopped by Ctrl-C, 143 by SIGTERM. */
const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Time for a command to end by itself after it is stopped, in milliseconds. */
const STOP_MS = 800;

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

class StoppedBy extends AbortedError {
  readonly exitCode: number;
  constructor(name: (typeof STOP_SIGNALS)[number]) {
    super(`Stopped by ${name}.`);
    this.exitCode = 128 + constants.signals[name];
  }
}

interface End {
  exitCode: number;
  problem?: string;
}

/** Runs the program and returns the exit code. */
export async function runProgram(program: Command, argv: string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  const { exitCode, problem } = await endOf(program, argv);
  endJsonLines(exitCode, problem);
  return exitCode;
}

/** The only place that turns a failure or a signal into an exit code. */
async function endOf(program: Command, argv: string[]): Promise<End> {
  const stop = stopOnSignals();
  try {
    await Promise.race([program.parseAsync(argv), overdue(stop)]);
    const exitCode = Number(process.exitCode ?? EXIT.ok);
    if (!stop.aborted) return { exitCode };
    // dev and tail run until they are stopped.
    return exitCode === EXIT.ok ? { exitCode: exitCodeOf(stop) } : stopped(stop);
  } catch (error) {
    if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.usage };
    return stop.aborted ? stopped(stop, error) : failed(error, EXIT.failed);
  } finally {
    endLive();
  }
}

/** The only listener for signals. A second Ctrl-C ends the process at once. */
function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  for (const name of STOP_SIGNALS)
    process.once(name, () => {
      eraseEcho();
      stop.abort(new StoppedBy(name));
    });
  current = stop.signal;
  return stop.signal;
}

let current: AbortSignal = new AbortController().signal;
let grace = STOP_MS;

/** A signal that Ctrl-C or SIGTERM aborts. A command that has to clean up first may take `graceMs` to end. */
export function stopSignal({ graceMs = STOP_MS } = {}): AbortSignal {
  grace = graceMs;
  return current;
}

/** Like stopSignal, and a closed stdout aborts it too: for commands that run until they are stopped. */
export function stopOrCloseSignal(): AbortSignal {
  const { own } = linked(current);
  process.stdout.once('error', () => own.abort(new AbortedError('Stopped because the output was closed.')));
  return own.signal;
}

/** Rejects if the command does not end by itself after it is stopped: a request or a file may never respond. */
function overdue(stop: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    stop.addEventListener('abort', () => setTimeout(() => reject(stop.reason), grace).unref(), { once: true });
  });
}

/** After a signal, every other error follows from it. */
function stopped(stop: AbortSignal, error: unknown = stop.reason): End {
  return failed(error instanceof AbortedError ? error : stop.reason, exitCodeOf(stop));
}

function failed(error: unknown, exitCode: number): End {
  const text = failureText(error);
  note(exitCode === EXIT.failed ? paintFor(process.stderr)('bad', text) : text);
  return { exitCode, problem: error instanceof Error ? error.message : String(error) };
}

function exitCodeOf({ reason }: AbortSignal): number {
  const { exitCode } = reason as StoppedBy;
  // Whatever still runs must not keep the process alive.
  setTimeout(() => process.exit(exitCode), 50).unref();
  return exitCode;
}

/** Ignore EPIPE (`| head`): finish the run and drop further output. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
