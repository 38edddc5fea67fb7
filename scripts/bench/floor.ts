import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { ExpectedError } from '../../src/runtime/errors.ts';
import { type RawClient, raw } from './raw.ts';

/** How long a stream is CREATING on LocalStack (KINESIS_LATENCY), and how many may be CREATING at once. */
const CREATING_MS = 500;
const CREATING_AT_ONCE = 5;
const POLL_MS = 10;
/** 1, 16 and 50 were not faster for 10 or 30 pipelines: the engine is one Python process. */
const AT_ONCE = 4;

/** The fewest requests that create one pipeline in strict order, with one check of each resource that is not ready at once. */
export const FEWEST = [
  'CreateBucket',
  'CreateStream',
  'DescribeStreamSummary',
  'CreateFunction',
  'GetFunction',
  'CreateEventSourceMapping',
  'GetEventSourceMapping',
];

/** Milliseconds: the median latencies of the fewest requests, plus the time that streams are CREATING, five at once. */
export function floorByFormula(pipelines: number, medians: ReadonlyMap<string, number>): number {
  const requests = FEWEST.reduce((sum, operation) => sum + (medians.get(operation) ?? Number.NaN), 0);
  return pipelines * requests + CREATING_MS * Math.ceil(pipelines / CREATING_AT_ONCE);
}

/** Creates pipelines in strict order with raw requests, each sent as early as possible. */
export async function floorRun(client: RawClient, names: readonly string[], zip: Buffer, shards = 1): Promise<void> {
  const streams = pLimit(CREATING_AT_ONCE);
  const others = pLimit(AT_ONCE);
  await Promise.all(
    names.map(async (name) => {
      const stream = streams(() => createStream(client, name, shards));
      await others(() => createFunction(client, name, zip));
      await stream;
      await others(() => createMapping(client, name));
    }),
  );
}

/** The same requests one at a time on one connection, so that no latency includes waiting for another request. */
export async function oneByOne(client: RawClient, names: readonly string[], zip: Buffer): Promise<void> {
  for (const name of names) {
    await createStream(client, name, 1);
    await createFunction(client, name, zip);
    await createMapping(client, name);
  }
}

async function createStream(client: RawClient, name: string, shards: number): Promise<void> {
  await client.call(raw.createStream(name, shards));
  await sleep(CREATING_MS);
  await until(
    'ACTIVE',
    async () => (await client.call(raw.describeStream(name))).StreamDescriptionSummary.StreamStatus,
  );
}

async function createFunction(client: RawClient, name: string, zip: Buffer): Promise<void> {
  await client.call(raw.createBucket(name));
  await client.call(raw.createFunction(name, zip));
  await until('Active', async () => (await client.call(raw.getFunction(name))).Configuration.State);
}

async function createMapping(client: RawClient, name: string): Promise<void> {
  const { UUID } = await client.call(raw.createMapping(name));
  await until('Enabled', async () => (await client.call(raw.getMapping(UUID))).State);
}

async function until(wanted: string, read: () => Promise<string>): Promise<void> {
  while ((await read()) !== wanted) await sleep(POLL_MS);
}

/** Throws unless the pipelines of a contender are ready: stream ACTIVE, function Active, mapping Enabled. */
export async function checkReady(client: RawClient, names: readonly string[], who: string): Promise<void> {
  for (const name of names) {
    const { StreamDescriptionSummary } = await client.call(raw.describeStream(name));
    const { Configuration } = await client.call(raw.getFunction(name));
    const { EventSourceMappings } = await client.call(raw.listMappings(name));
    const seen = [StreamDescriptionSummary.StreamStatus, Configuration.State, EventSourceMappings[0]?.State].join(', ');
    if (seen !== 'ACTIVE, Active, Enabled')
      throw new ExpectedError(
        `${who} ended before ${name} was ready: expected ACTIVE, Active, Enabled, found ${seen}.`,
      );
  }
}
