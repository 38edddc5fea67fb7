import pLimit from 'p-limit';
import type { Output } from '../../engine/operations.ts';
import { given, pages, type Reader, whenNamed } from '../kind.ts';

/** How many empty answers of GetRecords are taken on the way to a shard's first record before the question is left open. */
const MAX_LOOKS = 10;
const SHARDS_AT_ONCE = 8;

/**
 * What a stream holds: nothing, or records of which the newest arrived at `newestAt` (milliseconds since the epoch, by
 * the clock of the engine, which stamps them). `unknown` where it could not be made out.
 */
export type Held = 'none' | 'unknown' | { newestAt: number };

/** Looks at the oldest record of every shard. Two requests a shard, however many records it holds. */
export async function heldRecords(name: string, reader: Reader): Promise<Held> {
  const limit = pLimit(SHARDS_AT_ONCE);
  const heldByAll = async () => {
    const shards = await listShards(name, reader);
    return Promise.all(shards.map(({ ShardId = '' }) => limit(heldByShard, name, ShardId, reader)));
  };
  // A stream that is not there holds none; what needs it will say so.
  return together(await heldByAll().catch(whenNamed('ResourceNotFoundException', [])));
}

export function listShards(name: string, { call, options }: Pick<Reader, 'call' | 'options'>) {
  return pages(async (NextToken) => {
    const page = await call('ListShards', NextToken ? { NextToken } : { StreamName: name }, options);
    return { items: given(page.Shards, 'ListShards', 'Shards'), next: page.NextToken };
  });
}

async function heldByShard(name: string, ShardId: string, { call, options }: Reader): Promise<Held> {
  const start = await call(
    'GetShardIterator',
    { StreamName: name, ShardId, ShardIteratorType: 'TRIM_HORIZON' },
    options,
  );
  let iterator: string | undefined = given(start.ShardIterator, 'GetShardIterator', 'ShardIterator');
  for (let look = 0; look < MAX_LOOKS; look++) {
    const page: Output<'GetRecords'> = await call('GetRecords', { ShardIterator: iterator, Limit: 1 }, options);
    const [oldest] = given(page.Records, 'GetRecords', 'Records');
    // LocalStack's MillisBehindLatest is the time from the last record of an answer to the newest of the shard; AWS's is
    // the time to now. Either way the sum is a time of the engine's own clock that no record in the shard is newer than.
    if (oldest) {
      const arrivedAt = given(oldest.ApproximateArrivalTimestamp, 'GetRecords', 'ApproximateArrivalTimestamp');
      return { newestAt: arrivedAt.getTime() + given(page.MillisBehindLatest, 'GetRecords', 'MillisBehindLatest') };
    }
    // An answer may be empty although records follow; only at the shard's tip is it known that none do.
    if (!page.NextShardIterator || !page.MillisBehindLatest) return 'none';
    iterator = page.NextShardIterator;
  }
  return 'unknown';
}

function together(shards: readonly Held[]): Held {
  if (shards.includes('unknown')) return 'unknown';
  const times = shards.flatMap((held) => (typeof held === 'object' ? held.newestAt : []));
  return times.length > 0 ? { newestAt: Math.max(...times) } : 'none';
}
