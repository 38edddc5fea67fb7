import { isNamed, type Reader } from './kind.ts';

/** How many empty answers of GetRecords are taken on the way to a shard's first record before the question is left open. */
const MAX_LOOKS = 10;

/**
 * Whether a stream may hold records. `true` also where it could not be made out, since what follows from `false`
 * (reading from the start) is only right for an empty stream.
 */
export async function holdsRecords(name: string, reader: Reader): Promise<boolean> {
  try {
    const shards = await listShards(name, reader);
    const answers = await Promise.all(shards.map((shard) => shardHoldsRecords(name, shard, reader)));
    return answers.includes(true);
  } catch (error) {
    // A stream that is not there holds none; what needs it will say so.
    if (isNamed(error, 'ResourceNotFoundException')) return false;
    throw error;
  }
}

async function listShards(name: string, { call, options }: Reader): Promise<string[]> {
  const shards: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await call('ListShards', NextToken ? { NextToken } : { StreamName: name }, options);
    shards.push(...(page.Shards ?? []).map(({ ShardId }) => ShardId ?? ''));
    NextToken = page.NextToken;
  } while (NextToken);
  return shards;
}

async function shardHoldsRecords(name: string, ShardId: string, { call, options }: Reader): Promise<boolean> {
  const start = await call(
    'GetShardIterator',
    { StreamName: name, ShardId, ShardIteratorType: 'TRIM_HORIZON' },
    options,
  );
  let iterator = start.ShardIterator;
  for (let look = 0; look < MAX_LOOKS; look++) {
    const page = await call('GetRecords', { ShardIterator: iterator, Limit: 1 }, options);
    if (page.Records?.length) return true;
    // An answer may be empty although records follow; only at the shard's tip is it known that none do.
    if (!page.NextShardIterator || !page.MillisBehindLatest) return false;
    iterator = page.NextShardIterator;
  }
  return true;
}
