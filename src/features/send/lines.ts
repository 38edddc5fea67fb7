import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { batchesOf, type LineOptions, recordsOf, type SentRecord } from '../../runtime/contents/records.ts';
import { suggest, withFullStop } from '../../runtime/definition/messages.ts';
import { type Aws, withAws } from '../../runtime/engine/connect.ts';
import { resolveEndpoint } from '../../runtime/engine/endpoint.ts';
import { ExpectedError, InvalidInputError } from '../../runtime/errors.ts';
import { type SendOptions, send } from './send.ts';

export interface SendLinesOptions extends SendOptions, LineOptions {
  /** The file with the lines. Default: stdin. */
  file?: string | undefined;
  endpoint?: string | undefined;
  region: string;
  account: string;
}

/** Puts lines of JSON on a stream; gives how many were taken and how long that took. */
export async function sendLines(options: SendLinesOptions): Promise<{ sent: number; tookMs: number }> {
  const { stream, file, rate, region, account, signal } = options;
  const lines = { ...options, advice: 'mend it, or send lines as they are with --raw' };
  if (lines.raw && lines.partitionKey)
    throw new InvalidInputError(
      'Lines that are taken as they are (--raw) have no field for --partition-key: leave one out.',
    );
  if (file !== undefined) await checkFile(file, lines, signal);
  const endpoint = resolveEndpoint(options.endpoint, process.env);
  return withAws({ endpoint, region, account, signal }, async (aws) => {
    await checkStream(stream, aws);
    const startedAt = performance.now();
    options.onProgress?.(0);
    // Ten requests a second keep the pace even.
    const size = rate && Math.max(1, Math.min(500, Math.round(rate / 10)));
    const sent = await send(batchesOf(recordsIn(file, lines), size), aws, options);
    return { sent, tookMs: performance.now() - startedAt };
  });
}

async function checkStream(stream: string, { call, endpoint }: Aws): Promise<void> {
  const { StreamNames = [] } = await call('ListStreams', {});
  if (StreamNames.includes(stream)) return;
  throw new ExpectedError(
    withFullStop(
      `There is no stream ${stream} at ${endpoint} in this region and account${suggest(stream, StreamNames, 'there are') || ', nor any other: bring the pipeline up first'}`,
    ),
  );
}

/** Rejects a file as a whole, before any of it is sent. */
async function checkFile(file: string, options: LineOptions, signal?: AbortSignal): Promise<void> {
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
