import { setTimeout as sleep } from 'node:timers/promises';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { TimeoutError } from '../src/runtime/errors.ts';

const common = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  requestHandler: new NodeHttpHandler(),
});

const LIMIT_MS = 600_000;
/** The limit of one PutRecords request. */
const MOST = 500;
const HASH_KEYS = 2n ** 128n;

/** Sends records evenly to all shards, in turn. Returns when the first request was sent, and how long all of them took. */
export async function put(endpoint: string, StreamName: string, shards: number, count: number, bytes: number) {
  const client = new KinesisClient(common(endpoint));
  const Data = Buffer.alloc(bytes, 'x');
  const begun = performance.now();
  for (let at = 0; at < count; at += MOST) {
    const Records = Array.from({ length: Math.min(MOST, count - at) }, (_, index) => ({
      PartitionKey: 'any',
      ExplicitHashKey: String((HASH_KEYS / BigInt(shards)) * BigInt((at + index) % shards)),
      Data,
    }));
    const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName, Records }));
    if (FailedRecordCount) throw new Error(`${FailedRecordCount} records were rejected by ${StreamName}`);
  }
  client.destroy();
  return { begun, tookMs: performance.now() - begun };
}

/** Milliseconds from `begun` until the first and the last of `count` records were handled, not counting the `before` earlier ones. */
export async function arrivals(
  endpoint: string,
  bucket: string,
  before: number,
  count: number,
  begun: number,
  signal: AbortSignal,
): Promise<{ firstMs: number; allMs: number }> {
  const client = new S3Client({ ...common(endpoint), forcePathStyle: true });
  let firstMs: number | undefined;
  for (;;) {
    const handled = (await countIn(client, bucket)) - before;
    const elapsed = performance.now() - begun;
    if (handled > 0) firstMs ??= elapsed;
    if (handled >= count) {
      client.destroy();
      return { firstMs: firstMs ?? elapsed, allMs: elapsed };
    }
    if (elapsed > LIMIT_MS)
      throw new TimeoutError(
        `${handled} of ${count} records were handled within ${LIMIT_MS} ms, expected all of them.`,
      );
    // Reading costs the engine time too.
    await sleep(250);
    signal.throwIfAborted();
  }
}

async function countIn(client: S3Client, Bucket: string): Promise<number> {
  let sum = 0;
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket }))
    for (const { Key = '' } of Contents) sum += Number(Key.split('/')[1]);
  return sum;
}
