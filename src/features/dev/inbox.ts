import { setTimeout as sleep } from 'node:timers/promises';

/** Editors write a file in several steps. */
const QUIET_MS = 100;

/** Queues events until the next read. */
export function inbox<T>(signal: AbortSignal) {
  let held: T[] = [];
  let wake = () => {};
  signal.addEventListener('abort', () => wake(), { once: true });
  return {
    put(item: T) {
      held.push(item);
      wake();
    },
    /** Resolves to the events since the last call, once no more arrive; to nothing after the signal. */
    async next(): Promise<T[]> {
      while (held.length === 0 && !signal.aborted) await new Promise<void>((done) => (wake = done));
      for (let before = -1; before !== held.length && !signal.aborted; ) {
        before = held.length;
        await sleep(QUIET_MS, undefined, { signal }).catch(() => undefined);
      }
      const items = held;
      held = [];
      return signal.aborted ? [] : items;
    },
  };
}
