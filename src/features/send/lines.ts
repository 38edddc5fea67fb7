import { batchesOf, type LineOptions, recordsOf, type SentRecord } from '../../runtime/contents/records.ts';
import { suggest, withFullStop } from '../../runtime/definition/messages.ts';
import { type Aws, withAws } from '../../runtime/engine/connect.ts';
import { resolveEndpoint } from '../../runtime/engine/endpoint.ts';
import { ExpectedError, InvalidInputError } from '../../runtime/errors.ts';
import { pages } from '../../runtime/resources/kind.ts';
import { canReadTwice, linesOf } from './input.ts';
import { type SendOptions, send } from './send.ts';

export interface SendLinesOptions extends SendOptions, LineOptions {
  /** The file to read. Default: stdin. */
  file?: string | undefined;
  endpoint?: string | undefined;
  region: string;
  account: string;
}

/** Sends lines of JSON to a stream; returns the number of accepted records and the time taken. */
export async function sendLines(options: SendLinesOptions): Promise<{ sent: number; tookMs: number }> {
  const { stream, file, rate, region, account, signal } = options;
  const lines = { ...options, advice: 'fix it, or send lines unchanged with --raw' };
  if (lines.raw && lines.partitionKey)
    throw new InvalidInputError('--raw and --partition-key cannot be combined, as raw lines have no fields. Omit one.');
  // The whole file is checked before any of it is sent.
  if (file !== undefined && (await canReadTwice(file))) for await (const _ of recordsIn(file, lines));
  const endpoint = resolveEndpoint(options.endpoint, process.env);
  return withAws({ endpoint, region, account, signal }, async (aws) => {
    await checkStream(stream, aws, signal);
    const startedAt = performance.now();
    options.onProgress?.(0);
    // Ten requests per second keep the rate even.
    const size = rate && Math.max(1, Math.min(500, Math.round(rate / 10)));
    const batches = batchesOf(recordsIn(file, lines), size);
    const sent = await send(batches, aws, { ...options, moreSlowly: 'more slowly with --rate' });
    return { sent, tookMs: performance.now() - startedAt };
  });
}

async function checkStream(stream: string, { call, endpoint, region }: Aws, signal?: AbortSignal): Promise<void> {
  const StreamNames = await pages(async (ExclusiveStartStreamName) => {
    const { StreamNames: items = [], HasMoreStreams } = await call(
      'ListStreams',
      { ExclusiveStartStreamName },
      { signal },
    );
    return { items, next: HasMoreStreams ? items.at(-1) : undefined };
  });
  if (StreamNames.includes(stream)) return;
  throw new ExpectedError(
    withFullStop(
      `Stream '${stream}' not found in ${region} at ${endpoint}${suggest(stream, StreamNames, 'it has') || '; that region has no streams. Try --region, or apply the pipeline first'}`,
    ),
  );
}

function recordsIn(file: string | undefined, options: SendLinesOptions): AsyncIterable<SentRecord> {
  return recordsOf(file ?? 'stdin', linesOf(file, options.signal), options);
}
