import { setMaxListeners } from 'node:events';

/** A controller that is aborted with `signal`, too. AbortSignal.any needs Node 20.3. `release` is to be called at the end. */
export function linked(signal: AbortSignal): { own: AbortController; release(): void } {
  const own = new AbortController();
  // Every request under way listens to it: more than ten are no leak.
  setMaxListeners(0, own.signal);
  const abort = () => own.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return { own, release: () => signal.removeEventListener('abort', abort) };
}

/** Runs work with a signal of its own, by which `end` ends what is under way; `signal` ends it, too. */
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
