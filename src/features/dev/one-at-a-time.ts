import { linked } from '../../runtime/linked.ts';

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
