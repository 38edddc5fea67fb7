import { type Clock, systemClock } from '../../runtime/clock.ts';
import { AbortedError, ExpectedError, InvalidInputError, TimeoutError } from '../../runtime/errors.ts';
import { type Status, whyNotReady } from './status.ts';

export interface WaitOptions {
  /** Give up after this long, in milliseconds. Default 300 000. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
  /** Called when what keeps it from being ready changes. */
  onProgress?: ((message: string) => void) | undefined;
  clock?: Clock | undefined;
}

const POLL_MS = 250;

/**
 * Looks until all is ready, also while nothing answers yet. Throws as soon as a hook or a resource has failed, and at the
 * limit, with what is still open.
 */
export async function waitUntilReady(look: () => Promise<Status>, options: WaitOptions = {}): Promise<Status> {
  const { timeoutMs = 300_000, signal, onProgress, clock = systemClock } = options;
  const giveUpAt = clock.now() + timeoutMs;
  let told = '';
  for (;;) {
    const seen = await look().catch((error) => open(error, signal));
    const problem = seen instanceof Error ? seen : whyNotReady(seen);
    if (!(seen instanceof Error) && (problem === undefined || seen.state === 'failed')) {
      if (problem) throw problem;
      return seen;
    }
    const message = problem?.message ?? '';
    if (message !== told) onProgress?.(`waiting: ${message}`);
    told = message;
    if (clock.now() >= giveUpAt)
      throw new TimeoutError(`Waited ${timeoutMs} ms, and it did not get ready. ${message}`, { cause: problem });
    await clock.sleep(POLL_MS, signal).catch((error) => {
      throw signal?.aborted ? new AbortedError('Stopped while waiting for the pipeline.') : error;
    });
  }
}

/** An engine that does not answer yet is waited for; a wrong address or definition is not. */
function open(error: unknown, signal: AbortSignal | undefined): ExpectedError {
  if (signal?.aborted) throw new AbortedError('Stopped while waiting for the pipeline.');
  if (!(error instanceof ExpectedError) || error instanceof InvalidInputError) throw error;
  return error;
}
