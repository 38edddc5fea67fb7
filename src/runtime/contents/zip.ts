import { join } from 'node:path';
import type { Zippable } from 'fflate';
import { InvalidInputError } from '../errors.ts';
import { readdir, readFile, realpath, stat } from '../file-system.ts';

/** One file of a deployment package. */
export interface PackedFile {
  /** Path inside the package, with forward slashes. */
  path: string;
  bytes: Uint8Array;
  executable?: boolean;
}

/** One entry of a zip's directory. */
export interface ListedFile {
  path: string;
  /** Unzipped size in bytes. */
  size: number;
}

// It builds its tables when it is loaded, which takes 5 ms, and most hooks need none of it.
const fflate = () => import('./fflate.ts');

// Zip times are local times, and fflate uses the local fields of the date: fixed fields give the same bytes in every time
// zone. Noon, because no time zone skips it.
const MTIME = new Date(1980, 0, 1, 12);
const UNIX = 3;
const mode = (executable?: boolean) => 0o100_000 | (executable ? 0o755 : 0o644);

/** Zips files. The same files give the same bytes, in any order, time zone or folder. */
export async function zipFiles(files: readonly PackedFile[]): Promise<Uint8Array> {
  const entries: Zippable = {};
  for (const { path, bytes, executable } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    entries[path] = [bytes, { mtime: MTIME, os: UNIX, attrs: mode(executable) * 0x1_0000, level: 9 }];
  }
  return (await fflate()).zipSync(entries);
}

/** Lists the files in a zip without unpacking them; undefined if the bytes are not a zip. */
export async function listZip(zip: Uint8Array): Promise<ListedFile[] | undefined> {
  const { unzipSync } = await fflate();
  const files: ListedFile[] = [];
  try {
    unzipSync(zip, {
      filter: ({ name, originalSize }) => {
        if (!name.endsWith('/')) files.push({ path: name, size: originalSize });
        return false;
      },
    });
    return files;
  } catch {
    return undefined;
  }
}

/** Takes the total size of files before they are read; throws if that is too much. */
type CheckSize = (bytes: number) => void;

export const totalOf = (files: readonly ListedFile[]) => files.reduce((sum, { size }) => sum + size, 0);

/** The files in a zip; undefined if the bytes are not a zip. */
export async function unzipFiles(zip: Uint8Array, check: CheckSize): Promise<PackedFile[] | undefined> {
  const { unzipSync } = await fflate();
  // A small zip can hold gigabytes.
  check(totalOf((await listZip(zip)) ?? []));
  try {
    return Object.entries(unzipSync(zip)).flatMap(([path, bytes]) => (path.endsWith('/') ? [] : { path, bytes }));
  } catch {
    return undefined;
  }
}

/** Every file below a folder but Python's byte code, which differs with its times; follows links. Throws FileError if the folder is missing. */
export async function readDirectory(folder: string, check: CheckSize = () => {}): Promise<PackedFile[]> {
  const files: PackedFile[] = [];
  let size = 0;
  const walk = async (directory: string, prefix: string, above: readonly string[]) => {
    const real = await realpath(directory);
    if (above.includes(real))
      throw new InvalidInputError(`${directory} is a link to one of its own parent folders, so it cannot be zipped.`);
    for (const name of await readdir(directory)) {
      if (name === '__pycache__') continue;
      const file = join(directory, name);
      const info = await stat(file).catch((error) => {
        throw new InvalidInputError(`${file} cannot be zipped (${error.code}): is it a broken link?`, {
          cause: error,
        });
      });
      if (info.isDirectory()) await walk(file, `${prefix}${name}/`, [...above, real]);
      else if (info.isFile()) {
        size += info.size;
        check(size);
        files.push({ path: prefix + name, bytes: await readFile(file), executable: (info.mode & 0o111) !== 0 });
      }
    }
  };
  await walk(folder, '', []);
  return files;
}
