import { randomUUID } from 'node:crypto';
import type { CallOptions } from '../../runtime/engine/connect.ts';
import type { Output } from '../../runtime/engine/operations.ts';
import { ExpectedError } from '../../runtime/errors.ts';
import { locationOf } from '../../runtime/resources/bucket/bucket.ts';
import { whenNamed } from '../../runtime/resources/kind.ts';
import { PROBE_KEY } from '../../runtime/resources/mapping/marks.ts';
import { listShards } from '../../runtime/resources/stream/held-records.ts';
import { counted } from '../counted.ts';
import { keysIn } from './keys.ts';
import { readersOf, type Target } from './target.ts';

/** A shard that a function has not finished yet. */
export interface Pending {
  stream: string;
  shard: string;
  function: string;
  /** Whether only records that it reports in batchItemFailures are left. */
  partly?: boolean;
}

/** The limit of PutRecords. */
const MOST_RECORDS = 500;

/** Acknowledged fences of all pipelines in an account and region are objects in this bucket. */
export function fenceBucket({ region, account }: Pick<Target['aws'], 'region' | 'account'>): string {
  return `ready-hooks-fence-${account}-${region}`;
}

/** The engines on which the bucket was created. It is created again if a drain takes longer, as another one may have removed it. */
const created = new WeakSet<Target['aws']>();

async function createFenceBucket(aws: Target['aws'], options: CallOptions): Promise<void> {
  const { call } = aws;
  const owned = whenNamed('BucketAlreadyOwnedByYou', undefined);
  await call('CreateBucket', { Bucket: fenceBucket(aws), ...locationOf(aws.region) }, options).catch(owned);
  created.add(aws);
}

/** Removes the bucket, unless another drain uses it. */
export async function removeFenceBucket({ call, ...aws }: Target['aws']): Promise<void> {
  await call('DeleteBucket', { Bucket: fenceBucket(aws) });
}

/** Where functions find up to which record each shard's records are dropped, after a failure or in a new process. */
async function writeDiscards(
  placed: readonly (readonly [string, Record<string, string>])[],
  { call, ...aws }: Target['aws'],
  options: CallOptions,
): Promise<void> {
  const put = placed.map(([stream, last]) =>
    call('PutObject', { Bucket: fenceBucket(aws), Key: `discards/${stream}`, Body: JSON.stringify(last) }, options),
  );
  await Promise.all(put);
}

/** The fences of one drain: a record behind all others on each shard, put again until each function has acknowledged one. */
export class Fences {
  readonly #target: Target;
  readonly #discard: boolean;
  readonly #id = randomUUID().slice(0, 13);
  /** The shard of each fence, by its number. */
  readonly #put: { stream: string; shard: string }[] = [];
  readonly #pending = new Map<string, Pending>();
  #all = 0;
  #acknowledged: string[] = [];

  /** With `discard`, functions drop the records before them. */
  constructor(target: Target, discard: boolean) {
    this.#target = target;
    this.#discard = discard;
  }

  get pending(): Pending[] {
    return [...this.#pending.values()];
  }

  /** How many acknowledgements are needed in all: one for each shard and mapping. */
  get all(): number {
    return this.#all;
  }

  /** Puts the first fence on each shard. */
  async start(options: CallOptions): Promise<void> {
    const { pipeline, aws } = this.#target;
    if (!created.has(aws)) await createFenceBucket(aws, options);
    const streams = [...new Set(readersOf(pipeline).map(({ stream }) => stream))];
    const placed = await Promise.all(
      streams.map(async (stream) => [stream, await this.#putOn(stream, options)] as const),
    );
    if (this.#discard) await writeDiscards(placed, aws, options);
    for (const [stream, fences] of placed)
      for (const shard of Object.keys(fences))
        for (const { function: name } of readersOf(pipeline, stream))
          this.#pending.set(keyOf({ stream, shard, function: name }), { stream, shard, function: name });
    this.#all = this.#pending.size;
  }

  /** Puts another fence on each pending shard: a batch that is given up takes its fences with it. */
  async again(options: CallOptions): Promise<void> {
    await createFenceBucket(this.#target.aws, options);
    for (const stream of new Set(this.pending.map((each) => each.stream))) await this.#putOn(stream, options);
  }

  /** Reads the acknowledgements. */
  async read(options: CallOptions): Promise<void> {
    const { aws, pipeline } = this.#target;
    this.#acknowledged = await keysIn(fenceBucket(aws), aws, options, `${this.#id}/`);
    for (const key of this.#acknowledged) {
      const [, number, file = ''] = key.split('/');
      const at = this.#put[Number(number)];
      const [name = '', partly] = file.split('.');
      const waits = at && this.#pending.get(keyOf({ ...at, function: name }));
      if (!waits) continue;
      const [mapping] = readersOf(pipeline, at.stream).filter((each) => each.function === name);
      if (partly && mapping?.reportBatchItemFailures) waits.partly = true;
      else this.#pending.delete(keyOf(waits));
    }
  }

  async cleanUp(options: CallOptions): Promise<void> {
    if (this.#acknowledged.length === 0) return;
    const { aws } = this.#target;
    const Objects = this.#acknowledged.slice(0, 1_000).map((Key) => ({ Key }));
    const gone = whenNamed('NoSuchBucket', undefined);
    await aws
      .call('DeleteObjects', { Bucket: fenceBucket(aws), Delete: { Objects, Quiet: true } }, options)
      .catch(gone);
  }

  /** Puts a fence on each shard of a stream that is pending, or on all at first. Returns their sequence numbers. */
  async #putOn(stream: string, options: CallOptions): Promise<Record<string, string>> {
    const { call, region, endpoint } = this.#target.aws;
    const missing = whenNamed('ResourceNotFoundException', []);
    const shards = await listShards(stream, { call, options }).catch(missing);
    if (shards.length === 0)
      throw new ExpectedError(`Stream ${stream} does not exist in ${region} at ${endpoint}: apply the pipeline first.`);
    const closed = shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber);
    if (closed.length > 0)
      throw new ExpectedError(
        `Stream ${stream} was resharded, and a fence cannot be put on its ${counted(closed.length, 'closed shard')}: to drain the pipeline, delete and apply it again.`,
      );
    const waiting = new Set(this.pending.flatMap((each) => (each.stream === stream ? each.shard : [])));
    const wanted = shards.filter(({ ShardId = '' }) => this.#pending.size === 0 || waiting.has(ShardId));
    const placed: Record<string, string> = {};
    for (let n = 0; n < wanted.length; n += MOST_RECORDS)
      Object.assign(placed, await this.#putEach(stream, wanted.slice(n, n + MOST_RECORDS), options));
    return placed;
  }

  async #putEach(
    StreamName: string,
    shards: NonNullable<Output<'ListShards'>['Shards']>,
    options: CallOptions,
  ): Promise<Record<string, string>> {
    const { call, ...aws } = this.#target.aws;
    const Records = shards.map(({ ShardId: shard = '', HashKeyRange }) => {
      const number = this.#put.push({ stream: StreamName, shard }) - 1;
      const fence = { bucket: fenceBucket(aws), id: `${this.#id}/${number}`, ...(this.#discard && { discard: true }) };
      return {
        PartitionKey: PROBE_KEY,
        ExplicitHashKey: HashKeyRange?.StartingHashKey ?? '0',
        Data: Buffer.from(JSON.stringify({ readyHooksFence: fence })),
      };
    });
    const { Records: answers = [] } = await call('PutRecords', { StreamName, Records }, options);
    const rejected = answers.find(({ ErrorCode }) => ErrorCode);
    if (rejected) throw new NotPut(StreamName, `${rejected.ErrorCode}: ${rejected.ErrorMessage}`);
    return Object.fromEntries(answers.map(({ ShardId = '', SequenceNumber = '' }) => [ShardId, SequenceNumber]));
  }
}

/** A stream rejected a fence; it may accept it later. */
export class NotPut extends Error {
  constructor(stream: string, seen: string) {
    super(`stream ${stream} does not accept fences (${seen})`);
  }
}

const keyOf = ({ stream, shard, function: name }: Pending) => `${stream} ${shard} ${name}`;
