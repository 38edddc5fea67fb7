import { randomUUID } from 'node:crypto';
import { batchesOf, MOST_KEY_CHARACTERS, MOST_RECORD_BYTES, type SentRecord } from '../../runtime/contents/records.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { send } from '../send/send.ts';
import { checkName, type Target } from './target.ts';

export interface PutOptions<T = unknown> {
  /** The field of each record that is its partition key, or a function that returns it. Default: a random key for each. */
  partitionKey?: string | ((record: T) => string) | undefined;
  signal?: AbortSignal | undefined;
}

/** Puts records on a stream, in order; rejected ones are put again, for 30 s. Text and bytes are sent as they are, all else as JSON. */
export async function put<T>(
  stream: string,
  records: readonly T[],
  target: Target,
  { partitionKey, signal }: PutOptions<T>,
): Promise<void> {
  checkName('stream', stream, target);
  const all = records.map((record, index) => {
    try {
      return sentRecord(record, partitionKey);
    } catch (error) {
      throw new InvalidInputError(`Record ${index} for stream ${stream} ${(error as Error).message}.`);
    }
  });
  await send(batchesOf(all), target.aws, { stream, signal });
}

function sentRecord<T>(record: T, key: PutOptions<T>['partitionKey']): SentRecord {
  const Data = record instanceof Uint8Array ? record : Buffer.from(textOf(record));
  const PartitionKey = keyOf(record, key);
  const bytes = Data.byteLength + Buffer.byteLength(PartitionKey);
  if (bytes > MOST_RECORD_BYTES)
    throw new Error(`has ${bytes} bytes with its partition key; expected at most ${MOST_RECORD_BYTES}: split it`);
  return { Data, PartitionKey };
}

function textOf(record: unknown): string {
  if (typeof record === 'string') return record;
  const text = JSON.stringify(record);
  if (text === undefined) throw new Error(`is ${typeof record}, which JSON cannot hold: expected an object or text`);
  return text;
}

function keyOf<T>(record: T, key: PutOptions<T>['partitionKey']): string {
  if (key === undefined) return randomUUID();
  const found = typeof key === 'function' ? key(record) : (record as Record<string, unknown> | null)?.[key];
  const text = typeof found === 'number' ? String(found) : found;
  if (typeof text === 'string' && text !== '' && text.length <= MOST_KEY_CHARACTERS) return text;
  const where = typeof key === 'function' ? 'from the function partitionKey' : `in ${key}`;
  throw new Error(
    `has no partition key ${where}; expected a string of 1 to ${MOST_KEY_CHARACTERS} characters or a number, but found ${JSON.stringify(found)}`,
  );
}
