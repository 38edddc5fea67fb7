import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

// AWS_ENDPOINT_URL, the region and the credentials come from the environment, in LocalStack as in AWS.
const s3 = new S3Client({ forcePathStyle: true });

/** Writes each batch of events to S3 as JSON Lines and reports the records that are no events. */
export async function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  const { objects, failed } = decode(event.Records);
  for (const { key, lines } of objects) {
    // A put that fails throws: then the whole batch comes again, and is written again under the same keys.
    await s3.send(new PutObjectCommand({ Bucket: process.env['BUCKET'], Key: key, Body: lines.join('') }));
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/**
 * Sorts a batch, which is always of one shard, into objects to write and sequence numbers to report.
 *
 * A retry starts at the lowest reported record, or at the first of the batch when the function threw, and brings all that follow
 * again, with fewer or more records at its end. So there is one object from the first record on and, where there is a failure,
 * one from the first failure on, each named after the record where it starts. The retry overwrites it, if need be with
 * nothing, and what a shorter retry leaves out comes later under a name of its own: each event is in S3 once, also those behind
 * a record that is given up. Only a replay that cuts batches elsewhere, as after the mapping is made anew, writes events twice.
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

/** One event on one line; undefined where the data is no base64 of UTF-8 JSON. */
function toLine(data: string): string | undefined {
  try {
    const bytes = Buffer.from(data, 'base64');
    if (bytes.toString('base64') !== data) return undefined;
    return `${JSON.stringify(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))}\n`;
  } catch {
    return undefined;
  }
}

/** events/hallow-event-stream/shardId-000000000000/4959….jsonl: a sequence number is unique in its shard. */
function keyOf({ eventID, eventSourceARN, kinesis }: KinesisStreamRecord): string {
  const stream = eventSourceARN.split('/')[1];
  const shard = eventID.split(':')[0];
  return `events/${stream}/${shard}/${kinesis.sequenceNumber}.jsonl`;
}
