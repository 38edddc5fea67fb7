import { setTimeout as sleep } from 'node:timers/promises';
import { watch } from 'chokidar';

/** Editors write a file in several steps. */
const QUIET_MS = 100;

/** Watches files and folders, of which there can be more from time to time. */
export function watchChanges(signal: AbortSignal) {
  // A file that is written anew in place of the old one is a change, not a removal.
  const watcher = watch([], { ignoreInitial: true, atomic: true });
  let changed = new Set<string>();
  let wake = () => {};
  watcher.on('all', (_, path) => {
    changed.add(path);
    wake();
  });
  signal.addEventListener('abort', () => wake(), { once: true });
  return {
    add: (paths: readonly string[]) => void watcher.add([...paths]),
    /** Resolves with what has changed since the last time, once nothing more does; with nothing when it is stopped. */
    async next(): Promise<string[]> {
      while (changed.size === 0 && !signal.aborted) await new Promise<void>((done) => (wake = done));
      for (let before = -1; before !== changed.size; ) {
        before = changed.size;
        await sleep(QUIET_MS, undefined, { signal }).catch(() => undefined);
      }
      const paths = [...changed];
      changed = new Set();
      return signal.aborted ? [] : paths;
    },
    close: () => watcher.close(),
  };
}
