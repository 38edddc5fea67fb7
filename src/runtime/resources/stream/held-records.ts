import pLimit from 'p-limit';
import type { Output } from '../../engine/operations.ts';
import { given, pages, type Reader, whenNamed } from '../kind.ts';

/** How many empty GetRecords responses to accept before a shard's first record; after that its state is unknown. */
const MAX_PAGES = 10;
const SHARDS_AT_ONCE = 8;

/**
 * A stream's contents: no records, or records whose newest arrived at `newestAt` (milliseconds since the epoch, by
 * the engine's clock). `unknown` if reading did not show it.
 */
export type Held = 'none' | 'unknown' | { newestAt: number };

/** Reads the oldest record of every shard; its MillisBehindLatest gives the newest: two requests per shard, whatever it holds. */
export async function heldRecords(name: string, reader: Reader): Promise<Held> {
  const limit = pLimit(SHARDS_AT_ONCE);
  const heldByAll = async () => {
    const shards = await listShards(name, reader);
    return Promise.all(shards.map(({ ShardId = '' }) => limit(heldByShard, name, ShardId, reader)));
  };
  // A stream that does not exist has none; the step that needs it will report that.
  return together(await heldByAll().catch(whenNamed('ResourceNotFoundException', [])));
}

export function listShards(name: string, { call, options }: Pick<Reader, 'call' | 'options'>) {
  return pages(async (NextToken) => {
    const page = await call('ListShards', NextToken ? { NextToken } : { StreamName: name }, options);
    return { items: given(page.Shards, 'ListShards', 'Shards'), next: page.NextToken };
  });
}

async function heldByShard(name: string, ShardId: string, { call, options, world }: Reader): Promise<Held> {
  const start = await call(
    'GetShardIterator',
    { StreamName: name, ShardId, ShardIteratorType: 'TRIM_HORIZON' },
    options,
  );
  let iterator: string | undefined = given(start.ShardIterator, 'GetShardIterator', 'ShardIterator');
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer: Output<'GetRecords'> = await call('GetRecords', { ShardIterator: iterator, Limit: 1 }, options);
    const [oldest] = given(answer.Records, 'GetRecords', 'Records');
    // LocalStack's MillisBehindLatest is the time from a response's last record to the shard's newest; AWS's is the time
    // to now. Either way no record in the shard is newer than the sum, by the engine's own clock.
    if (oldest) {
      const arrivedAt = given(oldest.ApproximateArrivalTimestamp, 'GetRecords', 'ApproximateArrivalTimestamp');
      const behind = given(answer.MillisBehindLatest, 'GetRecords', 'MillisBehindLatest');
      // Each of the two may have lost up to a millisecond; callers add only one.
      const lost = world.engine.quirks.arrivalHasFractions ? 1 : 0;
      return { newestAt: arrivedAt.getTime() + behind + lost };
    }
    // A response may be empty although records follow; only the tip of the shard proves that none do.
    if (!answer.NextShardIterator || !answer.MillisBehindLatest) return 'none';
    iterator = answer.NextShardIterator;
  }
  return 'unknown';
}

function together(shards: readonly Held[]): Held {
  if (shards.includes('unknown')) return 'unknown';
  const times = shards.flatMap((held) => (typeof held === 'object' ? held.newestAt : []));
  return times.length > 0 ? { newestAt: Math.max(...times) } : 'none';
}
