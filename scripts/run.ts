import { AbortedError } from '../src/errors.ts';
import { tellFailure } from '../src/report/failure.ts';

// Under Node below 22 the SDK prints a warning at the first client.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** Runs a script's work: a failure is told as the command line tells it, and ends with code 1. */
export async function runScript(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => stop.abort(new AbortedError(`Stopped by ${name}.`)));
  try {
    await work(stop.signal);
  } catch (error) {
    console.error(tellFailure(error));
    process.exitCode = error instanceof AbortedError ? 130 : 1;
  }
}
