import { digest, type Manifest } from './manifest.ts';

export interface WantedFile {
  bytes: Uint8Array;
  mode: number;
}

/** A path as it is on disk: a file with its digest and, where the system keeps one, its mode; or something else that stands in the way. */
export type SeenFile = { digest: string; mode?: number } | 'not a file';

export type Change =
  | { path: string; action: 'write' | 'unchanged' | 'remove' }
  /** Ours once, changed since and no longer wanted: left where it is. */
  | { path: string; action: 'keep' }
  /** In the way and not ours, or changed since we wrote it. */
  | { path: string; action: 'refuse'; why: string };

/**
 * What to do with each path. Only contents that the manifest knows for ours are overwritten or removed: what a user made or
 * changed is never lost.
 */
export function planWrites(
  wanted: ReadonlyMap<string, WantedFile>,
  seen: ReadonlyMap<string, SeenFile>,
  manifest: Manifest,
): Change[] {
  const changes = [...wanted].map(([path, file]): Change => {
    const there = seen.get(path);
    if (!there) return { path, action: 'write' };
    if (there === 'not a file') return { path, action: 'refuse', why: 'is in the way' };
    if (there.digest === digest(file.bytes))
      return { path, action: (there.mode ?? file.mode) === file.mode ? 'unchanged' : 'write' };
    if (manifest.get(path)?.includes(there.digest)) return { path, action: 'write' };
    return {
      path,
      action: 'refuse',
      why: manifest.has(path) ? 'was changed since it was built' : 'was not made by this build',
    };
  });
  const old = [...manifest.keys()].filter((path) => !wanted.has(path)).sort();
  for (const path of old) {
    const there = seen.get(path);
    if (!there) continue;
    const ours = there !== 'not a file' && manifest.get(path)?.includes(there.digest);
    changes.push({ path, action: ours ? 'remove' : 'keep' });
  }
  return changes;
}
