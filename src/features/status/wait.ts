import { type Clock, systemClock } from '../../runtime/clock.ts';
import { AbortedError, ExpectedError, InvalidInputError, TimeoutError } from '../../runtime/errors.ts';
import { type Status, whyNotReady } from './status.ts';

export interface WaitOptions {
  /** Time limit in milliseconds. Default 300 000. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
  /** Called whenever the reason for waiting changes. */
  onProgress?: ((message: string) => void) | undefined;
  clock?: Clock | undefined;
}

const POLL_MS = 250;

/**
 * Reads the status until everything is ready, even if the engine does not answer yet. Throws as soon as a hook or a resource fails,
 * and at the time limit, with everything that is not ready.
 */
export async function waitUntilReady(read: () => Promise<Status>, options: WaitOptions = {}): Promise<Status> {
  const { timeoutMs = 300_000, signal, onProgress, clock = systemClock } = options;
  const giveUpAt = clock.now() + timeoutMs;
  let reported = '';
  for (;;) {
    const seen = await read().catch((error) => retryable(error, signal));
    const problem = seen instanceof Error ? seen : whyNotReady(seen);
    if (!(seen instanceof Error) && (problem === undefined || seen.state === 'failed')) {
      if (problem) throw problem;
      return seen;
    }
    const message = problem?.message ?? '';
    if (message !== reported) onProgress?.(`waiting: ${message}`);
    reported = message;
    if (clock.now() >= giveUpAt)
      throw new TimeoutError(`Gave up after ${timeoutMs / 1000} s. ${message}`, { cause: problem });
    await clock.sleep(POLL_MS, signal).catch((error) => {
      throw signal?.aborted ? new AbortedError('Stopped while waiting for the pipeline.') : error;
    });
  }
}

/** Returns errors of an engine that may still come up; throws others, such as a wrong address or definition. */
function retryable(error: unknown, signal: AbortSignal | undefined): ExpectedError {
  if (signal?.aborted) throw new AbortedError('Stopped while waiting for the pipeline.');
  if (!(error instanceof ExpectedError) || error instanceof InvalidInputError) throw error;
  return error;
}
