import { dirname, join } from 'node:path';
import { InvalidInputError } from '../../runtime/errors.ts';
import { chmod, mkdir, readFile, rm, rmdir, stat, whenMissing } from '../../runtime/file-system.ts';
import type { PackedPipeline } from '../pack/pack.ts';
import { launcher, RUNTIME_FILE } from './launcher.ts';
import { digest, MANIFEST_FILE, type Manifest, parseManifest, showManifest } from './manifest.ts';
import { replaceFile } from './replace-file.ts';
import { type Change, planWrites, type SeenFile, type WantedFile } from './write-plan.ts';

const KEEPS_MODES = process.platform !== 'win32';

type Hook = Pick<PackedPipeline, 'name' | 'pipeline' | 'files'>;

/** The result for one file. `kept`: from an earlier build and no longer needed, but changed by hand. */
export interface Written {
  path: string;
  action: 'written' | 'unchanged' | 'removed' | 'kept';
  bytes: number;
}

/**
 * Writes hooks to a ready.d folder: a launcher and a folder for each, and the runtime that they share. Never replaces a folder,
 * because a container's mount would keep the old one. Replaces files by renaming, so that a hook that starts meanwhile never
 * reads half a file. Leaves all other files in ready.d alone.
 */
export async function writeReadyD(outDir: string, hooks: readonly Hook[], runtime: Uint8Array): Promise<Written[]> {
  const wanted = filesOf(hooks, runtime);
  const manifest = parseManifest(await readFile(join(outDir, MANIFEST_FILE), 'utf8').catch(whenMissing(undefined)));
  const seen = await readSeen(outDir, [...wanted.keys(), ...manifest.keys()]);
  const changes = planWrites(wanted, seen, manifest);
  rejectBlocked(outDir, changes);

  await makeFolder(outDir);
  // Write the manifest first, with old and new digests: the next build then recognizes all files of an interrupted one.
  const both = new Map([...manifest].map(([path, digests]) => [path, [...digests]]));
  for (const [path, { bytes }] of wanted) both.set(path, [...new Set([...(both.get(path) ?? []), digest(bytes)])]);
  await writeManifest(outDir, both);
  for (const { path, action } of changes) {
    const file = wanted.get(path);
    if (action === 'write' && file) await put(join(outDir, path), file);
    if (action === 'remove') await removeFile(outDir, path);
  }
  await writeManifest(outDir, new Map([...wanted].map(([path, { bytes }]) => [path, [digest(bytes)]])));
  return changes.map((change) => written(change, wanted));
}

function filesOf(hooks: readonly Hook[], runtime: Uint8Array): Map<string, WantedFile> {
  const wanted = new Map<string, WantedFile>();
  for (const { name, pipeline, files } of hooks) {
    wanted.set(`${name}.sh`, { bytes: Buffer.from(launcher(name)), mode: 0o755 });
    wanted.set(`${name}/pipeline.json`, { bytes: Buffer.from(`${JSON.stringify(pipeline, null, 2)}\n`), mode: 0o644 });
    for (const [file, bytes] of files) wanted.set(`${name}/${file}`, { bytes, mode: 0o644 });
  }
  if (hooks.length > 0) wanted.set(RUNTIME_FILE, { bytes: runtime, mode: 0o644 });
  return wanted;
}

async function readSeen(outDir: string, paths: string[]): Promise<Map<string, SeenFile>> {
  const seen = new Map<string, SeenFile>();
  for (const path of new Set(paths)) {
    try {
      const file = join(outDir, path);
      const info = await stat(file);
      if (!info.isFile()) seen.set(path, 'not a file');
      else seen.set(path, { digest: digest(await readFile(file)), ...(KEEPS_MODES && { mode: info.mode & 0o777 }) });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOTDIR') seen.set(path, 'not a file');
      else if (code !== 'ENOENT') throw error;
    }
  }
  return seen;
}

function rejectBlocked(outDir: string, changes: readonly Change[]): void {
  const blocked = changes.flatMap((change) =>
    change.action === 'reject' ? [`${join(outDir, change.path)} ${change.why}`] : [],
  );
  if (blocked.length === 0) return;
  throw new InvalidInputError(
    `${blocked.join('; ')}. Nothing was written: move or delete ${blocked.length === 1 ? 'it' : 'them'}, then build again.`,
  );
}

async function put(file: string, { bytes, mode }: WantedFile): Promise<void> {
  await makeFolder(dirname(file));
  await replaceFile(file, bytes, mode);
}

/** A new folder is readable by the container's user whatever the umask is; the mode of an existing one is the user's. */
async function makeFolder(folder: string): Promise<void> {
  if (await mkdir(folder, { recursive: true })) await chmod(folder, 0o755);
}

async function removeFile(outDir: string, path: string): Promise<void> {
  await rm(join(outDir, path), { force: true });
  // Only a hook's folder, and only if it is empty: otherwise rmdir fails.
  if (path.includes('/')) await rmdir(dirname(join(outDir, path))).catch(() => {});
}

async function writeManifest(outDir: string, manifest: Manifest): Promise<void> {
  const bytes = Buffer.from(showManifest(manifest));
  const file = join(outDir, MANIFEST_FILE);
  const current = await readFile(file).catch(whenMissing(undefined));
  if (!current?.equals(bytes)) await put(file, { bytes, mode: 0o644 });
}

function written({ path, action }: Change, wanted: ReadonlyMap<string, WantedFile>): Written {
  const past = { write: 'written', unchanged: 'unchanged', remove: 'removed', keep: 'kept', reject: 'kept' } as const;
  return { path, action: past[action], bytes: wanted.get(path)?.bytes.byteLength ?? 0 };
}
