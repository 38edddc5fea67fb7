import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { TimeoutError } from '../../src/runtime/errors.ts';

const common = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  requestHandler: new NodeHttpHandler({ requestTimeout: 30_000, throwOnRequestTimeout: true }),
});

/** Sends `count` events to the stream and returns their ids. */
export async function sendEvents(endpoint: string, StreamName: string, count: number): Promise<string[]> {
  const kinesis = new KinesisClient(common(endpoint));
  const ids = Array.from({ length: count }, () => randomUUID());
  const Records = ids.map((id, n) => ({
    PartitionKey: id,
    Data: Buffer.from(JSON.stringify({ id, type: 'hallow', number: n + 1, sentAt: new Date().toISOString() })),
  }));
  const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
  kinesis.destroy();
  if (FailedRecordCount) throw new Error(`${FailedRecordCount} of ${count} records were rejected by ${StreamName}`);
  return ids;
}

/** Lambda's reports about discarded batches are here; they contain the records, which the function may never have seen. */
const REPORTS = 'aws/lambda/';

/**
 * Waits until every id is in an object that the function wrote. Returns how often each id occurs, to show that none arrived
 * twice.
 */
export async function waitForEvents(
  endpoint: string,
  Bucket: string,
  ids: readonly string[],
  options: { timeoutMs?: number; onProgress?: (delivered: number) => void } = {},
): Promise<{ counts: Map<string, number>; keys: string[] }> {
  const { timeoutMs = 60_000, onProgress } = options;
  const s3 = new S3Client({ ...common(endpoint), forcePathStyle: true });
  const giveUpAt = Date.now() + timeoutMs;
  const bodies = new Map<string, string>();
  for (;;) {
    const reports = await readObjects(s3, Bucket, bodies);
    const text = [...bodies.values()].join('\n');
    const counts = new Map(ids.map((id) => [id, text.split(id).length - 1]));
    const delivered = [...counts.values()].filter((n) => n > 0).length;
    onProgress?.(delivered);
    if (delivered === ids.length) {
      const keys = [...bodies]
        .filter(([, body]) => ids.some((id) => body.includes(id)))
        .map(([key]) => key.split(' ')[0] ?? '');
      s3.destroy();
      return { counts, keys };
    }
    if (Date.now() >= giveUpAt)
      throw new TimeoutError(
        `${delivered} of ${ids.length} events were in bucket ${Bucket} after ${timeoutMs} ms, expected all of them. ${discarded(Bucket, reports)}See the function's output in the engine's log.`,
      );
    await sleep(100);
  }
}

function discarded(Bucket: string, reports: string[]): string {
  if (reports.length === 0) return '';
  const count = reports.length === 1 ? '1 failure report' : `${reports.length} failure reports`;
  return `Lambda discarded records: the bucket has ${count} (s3://${Bucket}/${reports[0]}). `;
}

/** Reads new objects, by key and ETag: an overwritten object is read again. Returns the keys of failure reports, unread. */
async function readObjects(client: S3Client, Bucket: string, bodies: Map<string, string>): Promise<string[]> {
  const reports: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
    for (const { Key = '', ETag } of Contents) {
      if (Key.startsWith(REPORTS)) {
        reports.push(Key);
        continue;
      }
      const version = `${Key} ${ETag}`;
      if (bodies.has(version)) continue;
      for (const old of bodies.keys()) if (old.startsWith(`${Key} `)) bodies.delete(old);
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      bodies.set(version, (await Body?.transformToString()) ?? '');
    }
  }
  return reports;
}
