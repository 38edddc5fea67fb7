import { randomUUID } from 'node:crypto';
import { show } from '../definition/messages.ts';
import { InvalidInputError } from '../errors.ts';

export interface SentRecord {
  Data: Uint8Array;
  PartitionKey: string;
}

export interface LineOptions {
  /** The field of each JSON object that is its partition key. */
  partitionKey?: string;
  /** The partition key for a record without one, from its line number. Default: a random key. */
  otherKey?: (line: number) => string;
  /** Sends each line as it is; otherwise it must be JSON. Default false. */
  raw?: boolean;
  /** What to do about a line that is not valid JSON. Default: `fix it`. */
  advice?: string;
}

/** The limits of kinesis-local, and of AWS until 2025. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export const MOST_RECORD_BYTES = 1024 * 1024;
const MOST_BATCH_BYTES = 5 * 1024 * 1024;
const MOST_BATCH_RECORDS = 500;
export const MOST_KEY_CHARACTERS = 256;

/** The records of lines of text, one at a time; skips empty lines. Throws at the first invalid line, with its number. */
export async function* recordsOf(
  source: string,
  lines: AsyncIterable<string> | Iterable<string>,
  options: LineOptions,
) {
  let number = 0;
  for await (const read of lines) {
    number++;
    // Some editors on Windows begin a file with a byte order mark.
    const line = number === 1 ? read.replace(/^\uFEFF/, '') : read;
    if (line.trim() === '') continue;
    try {
      yield recordOf(line, options, number);
    } catch (error) {
      throw new InvalidInputError(`Line ${number} of ${source} ${(error as Error).message}.`);
    }
  }
}

export function recordOf(
  line: string,
  { partitionKey, raw = false, advice = 'fix it', otherKey = () => randomUUID() }: LineOptions,
  number = 1,
): SentRecord {
  const value = raw ? undefined : parsed(line, advice);
  const PartitionKey = partitionKey === undefined ? otherKey(number) : keyIn(value, partitionKey);
  const Data = Buffer.from(line);
  const bytes = Data.length + Buffer.byteLength(PartitionKey);
  if (bytes > MOST_RECORD_BYTES)
    throw new Error(`has ${bytes} bytes with its partition key; expected at most ${MOST_RECORD_BYTES}: split it`);
  return { Data, PartitionKey };
}

function parsed(line: string, advice: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`is not valid JSON (${(error as Error).message}): ${advice}`);
  }
}

function keyIn(value: unknown, field: string): string {
  const key = (value as Record<string, unknown> | null)?.[field];
  if ((typeof key === 'string' || typeof key === 'number') && key !== '' && String(key).length <= MOST_KEY_CHARACTERS)
    return String(key);
  throw new Error(
    `has no partition key in ${field}; expected a string of 1 to ${MOST_KEY_CHARACTERS} characters or a number, but found ${show(key)}`,
  );
}

/** Groups records so that each group fits into one PutRecords. */
export async function* batchesOf(
  records: AsyncIterable<SentRecord> | Iterable<SentRecord>,
  mostRecords = MOST_BATCH_RECORDS,
) {
  let batch: SentRecord[] = [];
  let bytes = 0;
  for await (const record of records) {
    const more = record.Data.length + Buffer.byteLength(record.PartitionKey);
    if (batch.length > 0 && (batch.length >= mostRecords || bytes + more > MOST_BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}
