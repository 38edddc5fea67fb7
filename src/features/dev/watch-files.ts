import { watch } from 'chokidar';
import { explained } from '../../runtime/file-system.ts';

// Treat the replacement of a file as a change, not a removal.
const OPTIONS = { ignoreInitial: true, atomic: true };

interface Listeners {
  onChange(path: string): void;
  /** A path that cannot be watched, or that the system has no room to watch. */
  onProblem(error: unknown): void;
}

/** Watches files and folders, and the direct children of the folder `list`, if given. More paths can be added later. */
export function watchChanges(list: string | undefined, { onChange, onProblem }: Listeners) {
  const watchers = [watch([], OPTIONS), ...(list === undefined ? [] : [watch(list, { ...OPTIONS, depth: 0 })])];
  const [sources, listed] = watchers;
  sources?.on('all', (_, path) => onChange(path));
  for (const event of ['add', 'unlink'] as const) listed?.on(event, onChange);
  for (const watcher of watchers)
    watcher.on('error', (error) => {
      const cause = error as NodeJS.ErrnoException;
      onProblem(explained('watch', cause.path ?? 'the files', cause));
    });
  return {
    add: (paths: readonly string[]) => void sources?.add([...paths]),
    close: () => Promise.all(watchers.map((watcher) => watcher.close())),
  };
}
