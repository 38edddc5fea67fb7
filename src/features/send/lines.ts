import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { batchesOf, type LineOptions, recordsOf, type SentRecord } from '../../runtime/contents/records.ts';
import { InvalidInputError } from '../../runtime/errors.ts';

/** The lines of a file, or of stdin where none is named, in batches that keep an even pace at this many records a second. */
export function batchesIn(file: string | undefined, rate: number | undefined, options: LineOptions) {
  // Ten requests a second keep the pace even.
  return batchesOf(recordsIn(file, options), rate ? Math.max(1, Math.min(500, Math.round(rate / 10))) : undefined);
}

/** Rejects a file as a whole, before any of it is sent. */
export async function checkFile(file: string, options: LineOptions, signal?: AbortSignal): Promise<void> {
  await access(file).catch((cause) => {
    throw new InvalidInputError(`There is no file ${file} to send: name another, or - for what is piped in.`, {
      cause,
    });
  });
  for await (const _ of recordsIn(file, options)) signal?.throwIfAborted();
}

function recordsIn(file: string | undefined, options: LineOptions): AsyncIterable<SentRecord> {
  const input = file === undefined ? process.stdin : createReadStream(file);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  return recordsOf(file ?? 'what is piped in', lines, options);
}
