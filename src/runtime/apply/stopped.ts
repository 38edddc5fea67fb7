import { setMaxListeners } from 'node:events';
import { AbortedError, type ExpectedError, TimeoutError } from '../errors.ts';

/** Why a step ended with the run: the whole run's limit, or somebody's Ctrl-C, SIGTERM or abort. */
export function stopped(step: string, signal: AbortSignal, last: string): ExpectedError {
  if (signal.reason instanceof TimeoutError)
    return new TimeoutError(
      `${step.charAt(0).toUpperCase()}${step.slice(1)} is not ready: ${signal.reason.message} Last seen: ${last}.`,
    );
  return new AbortedError(`Stopped at ${step}.`);
}

/**
 * A signal that aborts with `signal`, or when `limitMs` have passed, then with a TimeoutError as its reason.
 * AbortSignal.any needs Node 20.3; the hook also runs on 18. `release` must be called when the work has ended.
 */
export function limited(signal: AbortSignal | undefined, limitMs: number): { signal: AbortSignal; release(): void } {
  const stop = new AbortController();
  // Every request under way listens to it: more than ten are no leak.
  setMaxListeners(0, stop.signal);
  const abort = () => stop.abort(signal?.reason);
  const timer = setTimeout(() => {
    stop.abort(
      new TimeoutError(
        `the run reached its limit of ${limitMs} ms; raise READY_HOOKS_LIMIT_MS (or limitMs), or see the engine's log for what takes so long, then run it again.`,
      ),
    );
  }, limitMs);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return {
    signal: stop.signal,
    release: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}
