import {
  type _Record,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorInput,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import pLimit from 'p-limit';
import type { Readers } from './place.ts';

/** A record of a stream, with `text`, or `base64` if its data is not UTF-8. */
export interface StreamRecord {
  /** When it arrived, by the engine's clock, in milliseconds since the epoch. */
  at: number;
  shard: string;
  partitionKey: string;
  sequenceNumber: string;
  text?: string;
  /** The text's value, if it is JSON. */
  json?: unknown;
  base64?: string;
}

type Position = Pick<GetShardIteratorInput, 'ShardIteratorType' | 'StartingSequenceNumber'>;

interface Shard {
  id: string;
  /** Where the next iterator starts. */
  position: Position;
  iterator?: string | undefined;
  /** A reshard closed it, and it has been read to its end. */
  ended?: true;
}

interface Page {
  records: StreamRecord[];
  /** The shard holds newer records. */
  behind: boolean;
}

const NOTHING: Page = { records: [], behind: false };
const OLDEST: Position = { ShardIteratorType: 'TRIM_HORIZON' };
const SHARDS_AT_ONCE = 8;

/**
 * Reads all shards of a stream: each call reports the records that arrived since the previous call. The first call reports the
 * records from `since` on (milliseconds since the epoch), or none without it.
 */
export function newRecords(
  readers: Readers,
  stream: string,
  onRecord: (record: StreamRecord) => void,
  since = Number.NEGATIVE_INFINITY,
): () => Promise<void> {
  const limit = pLimit(SHARDS_AT_ONCE);
  let shards: ReadonlyMap<string, Shard> = new Map();
  let start: Position = Number.isFinite(since) ? OLDEST : { ShardIteratorType: 'LATEST' };
  return async () => {
    shards = await findShards(readers, stream, shards, start);
    // All records are new in shards that appear later.
    start = OLDEST;
    for (let behind = true; behind; ) {
      // All settle before the next read: an iterator must not be used twice.
      const pages = await Promise.allSettled(
        [...shards.values()].map((shard) => limit(readPage, readers, stream, shard)),
      );
      const read = pages.flatMap((page) => (page.status === 'fulfilled' ? page.value : []));
      const records = read.flatMap((page) => page.records).filter(({ at }) => at >= since);
      for (const record of records.sort((one, other) => one.at - other.at)) onRecord(record);
      for (const page of pages) if (page.status === 'rejected') throw page.reason;
      behind = read.some((page) => page.behind);
    }
  };
}

/** The shards of a stream: those that are known, and new ones that are read from `position` on. */
async function findShards(
  { kinesis, abort }: Readers,
  StreamName: string,
  known: ReadonlyMap<string, Shard>,
  position: Position,
): Promise<ReadonlyMap<string, Shard>> {
  const found = new Map<string, Shard>();
  let NextToken: string | undefined;
  do {
    const page = await kinesis.send(new ListShardsCommand(NextToken ? { NextToken } : { StreamName }), abort);
    for (const { ShardId: id = '', SequenceNumberRange: range } of page.Shards ?? []) {
      // A re-created stream has shards of the same names, and so has one that MiniStack reshards.
      const key = `${id} ${range?.StartingSequenceNumber}`;
      found.set(key, known.get(key) ?? { id, position });
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

/** Reads the next page of a shard, and moves the shard's position behind it. */
async function readPage({ kinesis, abort }: Readers, StreamName: string, shard: Shard): Promise<Page> {
  if (shard.ended) return NOTHING;
  const from = { StreamName, ShardId: shard.id, ...shard.position };
  shard.iterator ??= (await kinesis.send(new GetShardIteratorCommand(from), abort)).ShardIterator;
  const page = await kinesis.send(new GetRecordsCommand({ ShardIterator: shard.iterator }), abort).catch((error) => {
    // After 5 minutes without a read, for example on a laptop that slept.
    if (error.name !== 'ExpiredIteratorException') throw error;
  });
  shard.iterator = page?.NextShardIterator;
  if (!page) return NOTHING;
  const { Records = [], MillisBehindLatest = 0, NextShardIterator } = page;
  const StartingSequenceNumber = Records.at(-1)?.SequenceNumber;
  if (StartingSequenceNumber) shard.position = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber };
  if (!NextShardIterator) shard.ended = true;
  const behind = Records.length > 0 && MillisBehindLatest > 0 && NextShardIterator !== undefined;
  return { records: Records.map((record) => streamRecord(shard.id, record)), behind };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function streamRecord(shard: string, record: _Record): StreamRecord {
  const { PartitionKey = '', SequenceNumber = '', ApproximateArrivalTimestamp, Data = new Uint8Array() } = record;
  const at = ApproximateArrivalTimestamp?.getTime() ?? Date.now();
  return { at, shard, partitionKey: PartitionKey, sequenceNumber: SequenceNumber, ...decoded(Data) };
}

export function decoded(data: Uint8Array): Pick<StreamRecord, 'text' | 'json' | 'base64'> {
  let text: string;
  try {
    text = UTF8.decode(data);
  } catch {
    return { base64: Buffer.from(data).toString('base64') };
  }
  try {
    return { text, json: JSON.parse(text) };
  } catch {
    return { text };
  }
}
