import { setMaxListeners } from 'node:events';

/** A controller that `signal` aborts too (AbortSignal.any needs Node 20.3). Call `release` at the end. */
export function linked(signal: AbortSignal): { own: AbortController; release(): void } {
  const own = new AbortController();
  // Every pending request adds a listener, so more than ten are not a leak.
  setMaxListeners(0, own.signal);
  const abort = () => own.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return { own, release: () => signal.removeEventListener('abort', abort) };
}

/** Runs work with its own signal, which both `end` and the given signal abort. */
export function oneAtATime(signal: AbortSignal) {
  let current: AbortController | undefined;
  return {
    run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
      const { own, release } = linked(signal);
      current = own;
      return work(own.signal).finally(release);
    },
    end: (reason: Error) => current?.abort(reason),
  };
}
