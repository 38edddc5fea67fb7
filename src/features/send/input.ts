import { constants, createReadStream } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { InvalidInputError } from '../../runtime/errors.ts';
import { openSync, stat } from '../../runtime/file-system.ts';

/** A record has at most 1 MiB; a line far above that would only fill the memory. */
const MOST_LINE_CHARACTERS = 16 * 1024 * 1024;

/** Whether a file can be read twice. A pipe (a FIFO, /dev/stdin, a shell's `<(…)`) cannot. */
export async function canReadTwice(file: string): Promise<boolean> {
  return (await statOf(file)).isFile();
}

/** The lines of a file, or of stdin. Throws the signal's reason as soon as it is aborted. */
export async function* linesOf(file: string | undefined, signal?: AbortSignal): AsyncGenerator<string> {
  const input = file === undefined ? process.stdin : await openInput(file);
  const stop = () => input.destroy(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    signal?.throwIfAborted();
    yield* splitLines(input, file ?? 'stdin');
  } catch (error) {
    throw isSystemError(error) ? unreadable(file ?? 'stdin', error) : error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

async function* splitLines(input: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let line = '';
  for await (const chunk of input) {
    const [rest = '', ...lines] = decoder.decode(chunk, { stream: true }).split('\n');
    line += rest;
    for (const next of lines) {
      yield line.replace(/\r$/, '');
      line = next;
    }
    if (line.length > MOST_LINE_CHARACTERS)
      throw invalid(`${name} has a line of over ${MOST_LINE_CHARACTERS} characters, but a record has at most 1 MiB`);
  }
  line += decoder.decode();
  if (line) yield line;
}

async function openInput(file: string): Promise<Readable> {
  if (!(await statOf(file)).isFIFO()) return createReadStream(file);
  // Opening a FIFO waits for its writer, which nothing could stop; a socket waits where it can be destroyed.
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

async function statOf(file: string) {
  const stats = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT' ? invalid(`File ${file} not found`, cause) : unreadable(file, cause);
  });
  if (stats.isDirectory()) throw invalid(`${file} is a folder`);
  return stats;
}

function unreadable(file: string, cause: NodeJS.ErrnoException): InvalidInputError {
  return invalid(`${file} cannot be read (${cause.code ?? cause.message})`, cause);
}

function invalid(problem: string, cause?: Error): InvalidInputError {
  return new InvalidInputError(`${problem}. Name another file, or - for stdin.`, { cause });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'errno' in error;
}
