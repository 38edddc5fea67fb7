import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InvalidInputError } from '../errors.ts';
import { type PackedFile, readDirectory } from './zip.ts';

/** Where the files that a pipeline names are read from. */
export interface Files {
  /** As a message shows it. */
  place(path: string): string;
  file(path: string): Promise<Uint8Array>;
  directory(path: string): Promise<PackedFile[]>;
}

/** Files on disk; relative paths are taken from `folder`. */
export function filesIn(folder: string): Files {
  return {
    place: (path) => resolve(folder, path),
    file: (path) => readFile(resolve(folder, path)),
    directory: (path) => readDirectory(resolve(folder, path)),
  };
}

/** Files that were built and never written. */
export function builtFiles(files: ReadonlyMap<string, Uint8Array>): Files {
  const file = async (path: string) => {
    const bytes = files.get(path);
    if (!bytes) throw new Error(`${path} was not built`);
    return bytes;
  };
  const directory = async (path: string): Promise<never> => {
    throw new Error(`${path} is a folder: what is built holds files only`);
  };
  return { place: (path) => path, file, directory };
}

/** Reads what a pipeline names; `what` begins the sentence where it is not there. */
export async function named<T>(read: () => Promise<T>, what: string, place: string, field: string): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new InvalidInputError(
      `${what} from ${place}, which is not there: build the definition again, or correct its ${field}.`,
      { cause: error },
    );
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
