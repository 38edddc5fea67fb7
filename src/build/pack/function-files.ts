import { readFile, stat } from 'node:fs/promises';
import { type ListedFile, listZip, readDirectory, zipFiles } from '../../runtime/contents/zip.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { type Handler, handlerFiles } from './handler.ts';

const MB = 1024 * 1024; // the unit of AWS's 50 and 250 MB
const ZIPPED_LIMIT = 50 * MB;
const UNZIPPED_LIMIT = 250 * MB;

/** Zips a folder as it is. */
export async function packDirectory(
  directory: string,
  handler: Handler | undefined,
  what: string,
): Promise<Uint8Array> {
  await mustBe('directory', directory, what);
  const files = await readDirectory(directory);
  const listed = files.map(({ path, bytes }) => ({ path, size: bytes.byteLength }));
  checkFiles(listed, handler, `${what} takes its code from ${directory}`);
  return zipFiles(files);
}

/** Reads a zip, which is used as it is. */
export async function readZip(zip: string, handler: Handler | undefined, what: string): Promise<Uint8Array> {
  await mustBe('file', zip, what);
  const bytes = await readFile(zip);
  const listed = listZip(bytes);
  if (!listed) throw new InvalidInputError(`${what} takes its code from ${zip}, which is not a zip file.`);
  checkFiles(listed, handler, `${what} takes its code from ${zip}`);
  return bytes;
}

/** Enforces AWS's upload limit, which engines may not have. */
export function checkZipped(zip: Uint8Array, what: string): void {
  if (zip.byteLength > ZIPPED_LIMIT)
    throw new InvalidInputError(
      `${what} is ${megabytes(zip.byteLength)} zipped: Lambda accepts at most ${megabytes(ZIPPED_LIMIT)}.`,
    );
}

function checkFiles(files: ListedFile[], handler: Handler | undefined, what: string): void {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > UNZIPPED_LIMIT)
    throw new InvalidInputError(
      `${what}, which is ${megabytes(size)} unzipped: Lambda accepts at most ${megabytes(UNZIPPED_LIMIT)}.`,
    );
  if (!handler) return;
  const expected = handlerFiles(handler);
  if (files.some(({ path }) => expected.includes(path))) return;
  const seen = files.slice(0, 5).map(({ path }) => path);
  const contents =
    seen.length > 0 ? `it contains ${seen.join(', ')}${files.length > seen.length ? ', …' : ''}` : 'it is empty';
  throw new InvalidInputError(
    `${what}, where the handler ${handler.module}.${handler.exported} needs ${expected.join(' or ')}, but ${contents}: correct the handler setting or the location of the files.`,
  );
}

async function mustBe(kind: 'file' | 'directory', path: string, what: string): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (kind === 'file' ? info?.isFile() : info?.isDirectory()) return;
  throw new InvalidInputError(`${what} takes its code from ${path}, which is ${info ? `not a ${kind}` : 'missing'}.`);
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / MB)} MB`;
