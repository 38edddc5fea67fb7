import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync, type Zippable, zipSync } from 'fflate';
import { InvalidInputError } from '../errors.ts';

/** One file of a deployment package. */
export interface PackedFile {
  /** Path inside the package, with forward slashes. */
  path: string;
  bytes: Uint8Array;
  executable?: boolean;
}

/** What a zip's directory says of one file. */
export interface ListedFile {
  path: string;
  /** Bytes once unzipped. */
  size: number;
}

// Zip times are local wall-clock times, and fflate writes them from the local fields of the date: fixed fields are the same bytes in
// every time zone. Noon, because no zone skips it.
const MTIME = new Date(1980, 0, 1, 12);
const UNIX = 3;
const mode = (executable?: boolean) => 0o100_000 | (executable ? 0o755 : 0o644);

/** Zips files so that the same files give the same bytes, in any order, time zone or folder. */
export function zipFiles(files: readonly PackedFile[]): Uint8Array {
  const entries: Zippable = {};
  for (const { path, bytes, executable } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    entries[path] = [bytes, { mtime: MTIME, os: UNIX, attrs: mode(executable) * 0x1_0000, level: 9 }];
  }
  return zipSync(entries);
}

/** The files a zip holds, without unpacking them; undefined when the bytes are not a zip. */
export function listZip(zip: Uint8Array): ListedFile[] | undefined {
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

/** The files a zip holds; undefined when the bytes are not a zip. */
export function unzipFiles(zip: Uint8Array): PackedFile[] | undefined {
  try {
    return Object.entries(unzipSync(zip)).flatMap(([path, bytes]) => (path.endsWith('/') ? [] : { path, bytes }));
  } catch {
    return undefined;
  }
}

/** Every file below a folder, hidden ones too, links followed. A missing folder is the file system's own error. */
export async function readDirectory(folder: string): Promise<PackedFile[]> {
  const files: PackedFile[] = [];
  const walk = async (directory: string, prefix: string, above: readonly string[]) => {
    const real = await realpath(directory);
    if (above.includes(real))
      throw new InvalidInputError(`${directory} is a link to a folder that it is in: such a folder cannot be zipped.`);
    for (const name of await readdir(directory)) {
      const file = join(directory, name);
      const info = await stat(file).catch((error) => {
        throw new InvalidInputError(`${file} cannot be zipped (${error.code}): is it a link to nothing?`, {
          cause: error,
        });
      });
      if (info.isDirectory()) await walk(file, `${prefix}${name}/`, [...above, real]);
      else if (info.isFile())
        files.push({ path: prefix + name, bytes: await readFile(file), executable: (info.mode & 0o111) !== 0 });
    }
  };
  await walk(folder, '', []);
  return files;
}
