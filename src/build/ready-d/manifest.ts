import { createHash } from 'node:crypto';

/** What we wrote into a ready.d folder and have not removed: by path, the digests of the contents that are ours. */
export type Manifest = ReadonlyMap<string, readonly string[]>;

/** Where that is kept: a hidden file that no engine runs. */
export const MANIFEST_FILE = '.ready-hooks.json';

export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Reads a manifest; what cannot be one lists nothing, so that nothing is taken for ours. */
export function parseManifest(text: string | undefined): Manifest {
  try {
    const { files } = JSON.parse(text ?? '{}');
    const entries = Object.entries(files ?? {}).filter(([path, digests]) => isInside(path) && Array.isArray(digests));
    return new Map(entries as [string, string[]][]);
  } catch {
    return new Map();
  }
}

export function showManifest(manifest: Manifest): string {
  const files = Object.fromEntries([...manifest].sort(([a], [b]) => (a < b ? -1 : 1)));
  const about =
    'What ready-hooks build made here, by SHA-256. It overwrites and removes these files only, and only while they are unchanged.';
  return `${JSON.stringify({ about, files }, null, 2)}\n`;
}

function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !/[\\:]/.test(path) && !path.split('/').includes('..');
}
