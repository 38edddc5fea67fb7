import { setMaxListeners } from 'node:events';

/**
 * A controller that `signal` aborts too. Call `release` at the end. AbortSignal.any needs Node 20.3; the hook also runs on 18.
 */
export function linked(signal: AbortSignal | undefined): { own: AbortController; release(): void } {
  const own = new AbortController();
  // Every pending request adds a listener, so more than ten are not a leak.
  setMaxListeners(0, own.signal);
  const abort = () => own.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return { own, release: () => signal?.removeEventListener('abort', abort) };
}
