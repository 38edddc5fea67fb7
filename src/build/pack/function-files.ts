import type { Stats } from 'node:fs';
import { listZip, readDirectory, totalOf, zipFiles } from '../../runtime/contents/zip.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { readFile, stat, whenMissing } from '../../runtime/file-system.ts';
import type { HandlerFiles } from './handler.ts';

const MB = 1024 * 1024; // the unit of AWS's 50 and 250 MB
const ZIPPED_LIMIT = 50 * MB;
const UNZIPPED_LIMIT = 250 * MB;

/** Zips a folder as it is. */
export async function packDirectory(
  directory: string,
  handler: HandlerFiles | undefined,
  what: string,
): Promise<Uint8Array> {
  await mustBe('directory', directory, what);
  const from = `${what} takes its code from ${directory}`;
  const files = await readDirectory(directory, (size) => rejectLarge(size, from));
  const paths = files.map(({ path }) => path);
  rejectMissingHandler(paths, handler, from);
  return zipFiles(files);
}

/** Reads a zip, which is used as it is. */
export async function readZip(zip: string, handler: HandlerFiles | undefined, what: string): Promise<Uint8Array> {
  const { size } = await mustBe('file', zip, what);
  const from = `${what} takes its code from ${zip}`;
  checkZipped(size, what);
  const bytes = await readFile(zip);
  const listed = await listZip(bytes);
  if (!listed) throw new InvalidInputError(`${from}, which is not a zip file.`);
  rejectLarge(totalOf(listed), from);
  const paths = listed.map(({ path }) => path);
  rejectMissingHandler(paths, handler, from);
  return bytes;
}

/** Enforces AWS's upload limit, which engines may not have. */
export function checkZipped(size: number, what: string): void {
  if (size > ZIPPED_LIMIT)
    throw new InvalidInputError(
      `${what} is ${megabytes(size)} zipped: Lambda accepts at most ${megabytes(ZIPPED_LIMIT)}.`,
    );
}

function rejectLarge(size: number, what: string): void {
  if (size > UNZIPPED_LIMIT)
    throw new InvalidInputError(
      `${what}, which is ${megabytes(size)} unzipped: Lambda accepts at most ${megabytes(UNZIPPED_LIMIT)}.`,
    );
}

function rejectMissingHandler(paths: string[], where: HandlerFiles | undefined, what: string): void {
  if (!where || paths.some(where.accepts)) return;
  const seen = paths.slice(0, 5);
  const contents =
    seen.length > 0 ? `it contains ${seen.join(', ')}${paths.length > seen.length ? ', …' : ''}` : 'it is empty';
  throw new InvalidInputError(
    `${what}, where the handler ${where.handler} needs ${where.expected.join(' or ')}, but ${contents}: correct the handler setting or the location of the files.`,
  );
}

async function mustBe(kind: 'file' | 'directory', path: string, what: string): Promise<Stats> {
  const info = await stat(path).catch(whenMissing(undefined));
  if (info && (kind === 'file' ? info.isFile() : info.isDirectory())) return info;
  throw new InvalidInputError(`${what} takes its code from ${path}, which is ${info ? `not a ${kind}` : 'missing'}.`);
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / MB)} MB`;
