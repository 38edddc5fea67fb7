import { watch } from 'chokidar';

// Treat the replacement of a file as a change, not a removal.
const OPTIONS = { ignoreInitial: true, atomic: true };

/** Watches files and folders, and the direct children of the folder `list`, if given. More paths can be added later. */
export function watchChanges(list: string | undefined, onChange: (path: string) => void) {
  const watchers = [watch([], OPTIONS), ...(list === undefined ? [] : [watch(list, { ...OPTIONS, depth: 0 })])];
  const [sources, listed] = watchers;
  sources?.on('all', (_, path) => onChange(path));
  for (const event of ['add', 'unlink'] as const) listed?.on(event, onChange);
  return {
    add: (paths: readonly string[]) => void sources?.add([...paths]),
    close: () => Promise.all(watchers.map((watcher) => watcher.close())),
  };
}
