import * as sync from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExpectedError } from './errors.ts';

// The only module that calls functions of node:fs that can throw: a path that they reject is the user's to correct, never a bug.

/** The file system, or Node.js, rejected a path. */
export class FileError extends ExpectedError {
  override name = 'FileError';
  /** The system's, such as `ENOENT`. */
  readonly code: string;
  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** For `catch`: this value instead of a file that does not exist; throws any other error. */
export function whenMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof FileError && error.code === 'ENOENT') return value;
    throw error;
  };
}

/** No file that is read whole is larger: Node.js cannot make a longer string. */
const MOST_BYTES = 512 * 1024 * 1024;

/** The error to throw for the error of a call with this path. An argument of a wrong type is a bug. */
export function explained(verb: string, path: unknown, cause: NodeJS.ErrnoException): Error {
  const { code, message } = cause;
  if (cause instanceof FileError || code === undefined || code === 'ERR_INVALID_ARG_TYPE') return cause;
  const [, reason = message] = /^E\w+: (.+?), /.exec(message) ?? [];
  const seen = code === 'ERR_INVALID_ARG_VALUE' ? 'it contains a null character' : `${reason} (${code})`;
  return new FileError(
    `Cannot ${verb} ${path}: ${seen}. Correct the path or its permissions, or use another one.`,
    code,
    { cause },
  );
}

// biome-ignore lint/suspicious/noExplicitAny: the arguments of any function with a path
type PathFunction<R> = (path: any, ...others: any[]) => R;

function explaining<F extends PathFunction<Promise<unknown>>>(verb: string, call: F): F {
  const wrapped: PathFunction<Promise<unknown>> = (path, ...others) =>
    call(path, ...others).catch((cause) => {
      throw explained(verb, path, cause);
    });
  return wrapped as F;
}

function explainingSync<F extends PathFunction<unknown>>(verb: string, call: F): F {
  const wrapped: PathFunction<unknown> = (path, ...others) => {
    try {
      return call(path, ...others);
    } catch (cause) {
      throw explained(verb, path, cause as NodeJS.ErrnoException);
    }
  };
  return wrapped as F;
}

export const stat = /* @__PURE__ */ explaining('read', fs.stat);
export const realpath = /* @__PURE__ */ explaining('read', fs.realpath);
export const readdir = /* @__PURE__ */ explaining('read', fs.readdir);
export const open = /* @__PURE__ */ explaining('read', fs.open);
export const access = /* @__PURE__ */ explaining('use', fs.access);
export const chmod = /* @__PURE__ */ explaining('write', fs.chmod);
export const mkdtemp = /* @__PURE__ */ explaining('create the folder', fs.mkdtemp);
export const symlink = /* @__PURE__ */ explaining('link', fs.symlink);
export const rename = /* @__PURE__ */ explaining('rename', fs.rename);
export const rm = /* @__PURE__ */ explaining('remove', fs.rm);
export const rmdir = /* @__PURE__ */ explaining('remove', fs.rmdir);

/** A pipe that only its name leads to: opening it waits for the other end, maybe forever. A shell's `<(…)` is open already. */
async function isClosedPipe(path: string): Promise<boolean> {
  return !path.startsWith('/dev/') && (await fs.stat(path).catch(() => undefined))?.isFIFO() === true;
}

export const writeFile = /* @__PURE__ */ explaining('write', (async (path: string, ...others: [string]) => {
  if (await isClosedPipe(path))
    throw new FileError(`Cannot write ${path}: it is a pipe. Use a file instead.`, 'EINVAL');
  return fs.writeFile(path, ...others);
}) as typeof fs.writeFile);

/** With `recursive`, Node.js reports ENOENT for each of several reasons: creating only the first folder gives the real one. */
export const mkdir = /* @__PURE__ */ explaining('create the folder', (async (path: string, options?: object) => {
  try {
    return await fs.mkdir(path, options);
  } catch (error) {
    let first = path;
    while (dirname(first) !== first && !sync.existsSync(dirname(first))) first = dirname(first);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') await fs.mkdir(first);
    throw error;
  }
}) as typeof fs.mkdir);

/** Reads a whole file. Rejects anything else: reading a device may never end. */
export const readFile = /* @__PURE__ */ explaining('read', (async (path: string, options?: BufferEncoding) => {
  const info = await fs.stat(path);
  const isOpenPipe = info.isFIFO() && !(await isClosedPipe(path));
  const invalid = (seen: string, code: string) =>
    new FileError(`Cannot read ${path}: ${seen}. Use a file instead.`, code);
  if (info.isDirectory()) throw invalid('it is a folder', 'EISDIR');
  if (!info.isFile() && !isOpenPipe) throw invalid('it is a pipe, a socket or a device', 'EINVAL');
  if (info.size > MOST_BYTES)
    throw new FileError(
      `Cannot read ${path}: it has ${info.size} bytes, over the limit of ${MOST_BYTES}. Use a smaller file.`,
      'EFBIG',
    );
  return fs.readFile(path, options);
}) as typeof fs.readFile);

export const readFileSync = /* @__PURE__ */ explainingSync('read', sync.readFileSync);
export const readdirSync = /* @__PURE__ */ explainingSync('read', sync.readdirSync);
export const statSync = /* @__PURE__ */ explainingSync('read', sync.statSync);
export const openSync = /* @__PURE__ */ explainingSync('open', sync.openSync);
export const mkdirSync = /* @__PURE__ */ explainingSync('create the folder', sync.mkdirSync);
export const writeFileSync = /* @__PURE__ */ explainingSync('write', sync.writeFileSync);
export const appendFileSync = /* @__PURE__ */ explainingSync('write', sync.appendFileSync);
export const renameSync = /* @__PURE__ */ explainingSync('rename', sync.renameSync);
export const rmSync = /* @__PURE__ */ explainingSync('remove', sync.rmSync);
export const cpSync = /* @__PURE__ */ explainingSync('copy', sync.cpSync);
export const copyFileSync = /* @__PURE__ */ explainingSync('copy', sync.copyFileSync);
export const symlinkSync = /* @__PURE__ */ explainingSync('link', sync.symlinkSync);
export const realpathSync = /* @__PURE__ */ explainingSync('read', sync.realpathSync);
