import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

// The endpoint, the region and the credentials come from the environment, both in LocalStack and in AWS.
const s3 = new S3Client({ forcePathStyle: true });

/** Writes each batch of events to S3 as JSON Lines, and reports records that are not valid events. */
export async function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  const { objects, failed } = decode(event.Records);
  for (const { key, lines } of objects) {
    // A failed put throws. Lambda then retries the whole batch, and the retry writes the same keys again.
    await s3.send(new PutObjectCommand({ Bucket: process.env['BUCKET'], Key: key, Body: lines.join('') }));
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/**
 * Splits a batch, which always comes from one shard, into objects to write and sequence numbers to report.
 *
 * A retry starts at the lowest reported record, or at the first record if the function threw. It repeats all records from there,
 * but may end earlier or later than the first attempt. So the batch becomes one object that starts at the first record and, after
 * a failure, a second one that starts at the first failed record. Each is named after the record where it starts, so the retry
 * overwrites it, even with nothing. Records that a shorter retry leaves out come later, in an object with another name. So S3
 * has each event once, including those behind a record that Lambda gives up on. Only a replay with other batch boundaries writes
 * events twice, for example after the mapping is re-created.
 */
export function decode(records: KinesisStreamRecord[]) {
  const objects: { key: string; lines: string[] }[] = [];
  const failed: string[] = [];
  for (const record of records) {
    const line = toLine(record.kinesis.data);
    const isFirstFailure = line === undefined && failed.push(record.kinesis.sequenceNumber) === 1;
    if (objects.length === 0 || isFirstFailure) objects.push({ key: keyOf(record), lines: [] });
    if (line !== undefined) objects.at(-1)?.lines.push(line);
  }
  return { objects, failed };
}

/** An event as one line; undefined if the data is not base64-encoded JSON in UTF-8. */
function toLine(data: string): string | undefined {
  try {
    const bytes = Buffer.from(data, 'base64');
    if (bytes.toString('base64') !== data) return undefined;
    return `${JSON.stringify(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))}\n`;
  } catch {
    return undefined;
  }
}

/** events/hallow-event-stream/shardId-000000000000/4959….jsonl: a sequence number is unique within its shard. */
function keyOf({ eventID, eventSourceARN, kinesis }: KinesisStreamRecord): string {
  const stream = eventSourceARN.split('/')[1];
  const shard = eventID.split(':')[0];
  return `events/${stream}/${shard}/${kinesis.sequenceNumber}.jsonl`;
}
