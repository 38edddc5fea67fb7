import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { ExpectedError } from '../../src/runtime/errors.ts';
import { type RawClient, raw } from './raw.ts';

/** How long a stream is CREATING on LocalStack (KINESIS_LATENCY), and how many may be at once. */
const CREATING_MS = 500;
const CREATING_AT_ONCE = 5;
const LOOK_AGAIN_MS = 10;
/** 1, 16 and 50 were not faster for 10 or 30 pipelines: the engine is one Python process. */
const AT_ONCE = 4;

/** The fewest requests with which one pipeline comes up in strict order: what is not ready at once is seen ready once. */
export const FEWEST = [
  'CreateBucket',
  'CreateStream',
  'DescribeStreamSummary',
  'CreateFunction',
  'GetFunction',
  'CreateEventSourceMapping',
  'GetEventSourceMapping',
];

/** Milliseconds: the fewest requests × their median latency + the time in which streams are CREATING, five at once. */
export function floorByFormula(pipelines: number, medians: ReadonlyMap<string, number>): number {
  const requests = FEWEST.reduce((sum, operation) => sum + (medians.get(operation) ?? Number.NaN), 0);
  return pipelines * requests + CREATING_MS * Math.ceil(pipelines / CREATING_AT_ONCE);
}

/** Brings pipelines up in strict order by raw requests, as soon as each may be sent. */
export async function floorRun(client: RawClient, names: readonly string[], zip: Buffer, shards = 1): Promise<void> {
  const streams = pLimit(CREATING_AT_ONCE);
  const others = pLimit(AT_ONCE);
  await Promise.all(
    names.map(async (name) => {
      const stream = streams(() => bringUpStream(client, name, shards));
      await others(() => bringUpFunction(client, name, zip));
      await stream;
      await others(() => bringUpMapping(client, name));
    }),
  );
}

/** The same requests one after another on one connection, so that no latency holds the waiting for another request. */
export async function oneByOne(client: RawClient, names: readonly string[], zip: Buffer): Promise<void> {
  for (const name of names) {
    await bringUpStream(client, name, 1);
    await bringUpFunction(client, name, zip);
    await bringUpMapping(client, name);
  }
}

async function bringUpStream(client: RawClient, name: string, shards: number): Promise<void> {
  await client.call(raw.createStream(name, shards));
  await sleep(CREATING_MS);
  await until(
    'ACTIVE',
    async () => (await client.call(raw.describeStream(name))).StreamDescriptionSummary.StreamStatus,
  );
}

async function bringUpFunction(client: RawClient, name: string, zip: Buffer): Promise<void> {
  await client.call(raw.createBucket(name));
  await client.call(raw.createFunction(name, zip));
  await until('Active', async () => (await client.call(raw.getFunction(name))).Configuration.State);
}

async function bringUpMapping(client: RawClient, name: string): Promise<void> {
  const { UUID } = await client.call(raw.createMapping(name));
  await until('Enabled', async () => (await client.call(raw.getMapping(UUID))).State);
}

async function until(wanted: string, look: () => Promise<string>): Promise<void> {
  while ((await look()) !== wanted) await sleep(LOOK_AGAIN_MS);
}

/** Throws unless what a contender called ready is: stream ACTIVE, function Active, mapping Enabled. */
export async function checkReady(client: RawClient, names: readonly string[], who: string): Promise<void> {
  for (const name of names) {
    const { StreamDescriptionSummary } = await client.call(raw.describeStream(name));
    const { Configuration } = await client.call(raw.getFunction(name));
    const { EventSourceMappings } = await client.call(raw.listMappings(name));
    const seen = [StreamDescriptionSummary.StreamStatus, Configuration.State, EventSourceMappings[0]?.State].join(', ');
    if (seen !== 'ACTIVE, Active, Enabled')
      throw new ExpectedError(`${who} ended before ${name} was ready: expected ACTIVE, Active, Enabled, seen ${seen}.`);
  }
}
