import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { BucketSeed, Existing, Pipeline, StreamSeed } from '../definition/pipeline.ts';
import { InvalidInputError } from '../errors.ts';
import { readFile, stat } from '../file-system.ts';
import type { SeedObjects, SeedRecords } from './contents.ts';
import { readOrExplain } from './files.ts';
import { batchesOf, recordsOf, type SentRecord } from './records.ts';
import { readDirectory, unzipFiles } from './zip.ts';

const MB = 1024 * 1024;
/** The hook keeps whole seeds in memory. */
const MOST_BYTES = 50 * MB;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MOST_KEY_BYTES = 1024;

/** The records of the streams' seeds, by stream. Throws InvalidInputError at the first invalid line. */
export function readRecords({ streams }: Pick<Pipeline, 'streams'>, folder: string): Promise<Map<string, SeedRecords>> {
  return readSeeds(streams, (stream, seed: StreamSeed) => readStreamSeed(stream, seed, folder));
}

/** The objects of the buckets' seeds, by bucket. */
export function readObjects({ buckets }: Pick<Pipeline, 'buckets'>, folder: string): Promise<Map<string, SeedObjects>> {
  return readSeeds(buckets, (bucket, seed: BucketSeed) => readBucketSeed(bucket, seed, folder));
}

async function readSeeds<S, T>(
  resources: Record<string, { seed?: S } | Existing>,
  read: (name: string, seed: S) => Promise<T>,
): Promise<Map<string, T>> {
  const seeds = new Map<string, T>();
  for (const [name, declared] of Object.entries(resources))
    if ('seed' in declared && declared.seed) seeds.set(name, await read(name, declared.seed));
  return seeds;
}

async function readStreamSeed(
  stream: string,
  { file, partitionKey }: StreamSeed,
  folder: string,
): Promise<SeedRecords> {
  const what = `Stream ${stream} takes its seed`;
  const source = resolve(folder, file);
  const bytes = await readOrExplain(() => readSmall(what, source), what, source, 'seed.file');
  const lines = bytes.toString('utf8').split(/\r?\n/);
  // The line number as key sends the same line to the same shard every time.
  const options = { otherKey: String, ...(partitionKey !== undefined && { partitionKey }) };
  const batches: (readonly SentRecord[])[] = [];
  for await (const batch of batchesOf(recordsOf(source, lines, options))) batches.push(batch);
  if (batches.length === 0)
    throw new InvalidInputError(`${what} from ${source}, which has no records: add a line of JSON, or leave seed out.`);
  return { batches, sha256: digest(batches.flat().map(({ PartitionKey, Data }) => [PartitionKey, Data])) };
}

async function readBucketSeed(bucket: string, { directory, zip }: BucketSeed, folder: string): Promise<SeedObjects> {
  const what = `Bucket ${bucket} takes its seed`;
  const source = resolve(folder, zip ?? directory ?? '');
  const check = (size: number) => rejectLarge(what, source, size);
  const read = async () => (zip ? unzipFiles(await readSmall(what, source), check) : readDirectory(source, check));
  const held = await readOrExplain(read, what, source, zip ? 'seed.zip' : 'seed.directory');
  if (!held) throw new InvalidInputError(`${what} from ${source}, which is not a zip file.`);
  const objects = held.sort((a, b) => (a.path < b.path ? -1 : 1));
  if (objects.length === 0)
    throw new InvalidInputError(`${what} from ${source}, which has no files: add one, or leave seed out.`);
  const long = objects.find(({ path }) => Buffer.byteLength(path) > MOST_KEY_BYTES);
  if (long)
    throw new InvalidInputError(
      `${what} from ${source}, where ${long.path.slice(0, 60)}… is longer than ${MOST_KEY_BYTES} bytes, the limit of a key: give it a shorter path.`,
    );
  return { objects, sha256: digest(objects.map(({ path, bytes }) => [path, bytes])) };
}

/** Checks the size before it reads the file. */
async function readSmall(what: string, source: string): Promise<Buffer> {
  rejectLarge(what, source, (await stat(source)).size);
  return readFile(source);
}

function rejectLarge(what: string, source: string, bytes: number): void {
  if (bytes > MOST_BYTES)
    throw new InvalidInputError(
      `${what} from ${source}, which is ${Math.ceil(bytes / MB)} MB; expected at most ${MOST_BYTES / MB} MB: add the rest once the pipeline is ready, with npx ready-hooks send or aws s3 sync.`,
    );
}

/** The digest of names and their contents, in this order. */
function digest(parts: readonly (readonly [string, Uint8Array])[]): string {
  const hash = createHash('sha256');
  for (const [name, bytes] of parts) hash.update(`${name.length}:${name}${bytes.byteLength}:`).update(bytes);
  return hash.digest('hex');
}
