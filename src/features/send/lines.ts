import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** The lines of a file, or of an open stream. */
export function linesOf(source: string | Readable): AsyncIterable<string> {
  const input = typeof source === 'string' ? createReadStream(source) : source;
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}
