import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { apply, destroy, type Runnable } from '../src/runtime/apply/apply.ts';
import { connect } from '../src/runtime/engine/connect.ts';
import { samplePipeline, uniqueName } from '../test/support/pipelines.ts';
import { handled } from '../test/support/recorder.ts';
import { sender, warmKinesis } from '../test/support/records.ts';

export const EVENTS_PER_RUN = 20;
/** Milliseconds without new events after which the missing ones count as lost. Each of four shards is read every four seconds. */
const STILL_MS = 10_000;

export interface Tally {
  runs: { empty: number; holdingRecords: number };
  sent: number;
  lost: number;
  twice: number;
  /** Delivered events that are older than the mapping. */
  older: number;
  /** Milliseconds from the return of apply until the first event was sent, and until the engine confirmed it; the worst of all runs. */
  firstSentMs: number;
  firstAnsweredMs: number;
}

type BringUp = (endpoint: string, pipeline: Runnable) => Promise<void>;

export interface SoakOptions {
  endpoint: string;
  runs: number;
  atOnce: number;
  bringUp: BringUp;
  signal: AbortSignal;
}

/** Runs on new streams, alternating 1 and 4 shards, empty and with records. */
export async function soak({ endpoint, runs, atOnce, bringUp, signal }: SoakOptions): Promise<Tally> {
  const tally: Tally = {
    runs: { empty: 0, holdingRecords: 0 },
    sent: 0,
    lost: 0,
    twice: 0,
    older: 0,
    firstSentMs: 0,
    firstAnsweredMs: 0,
  };
  await warmKinesis(endpoint);
  const limit = pLimit(atOnce);
  const work = Array.from({ length: runs }, (_, n) =>
    limit(async () => {
      signal.throwIfAborted();
      await run(endpoint, { shardCount: n % 2 ? 4 : 1, holdsRecords: n % 4 > 1 }, bringUp, tally);
    }),
  );
  await Promise.all(work);
  return tally;
}

/** Sends 20 events as soon as the mapping is reported ready, and counts how often each was handled. */
async function run(
  endpoint: string,
  { shardCount, holdsRecords }: { shardCount: number; holdsRecords: boolean },
  bringUp: BringUp,
  tally: Tally,
): Promise<void> {
  const pipeline = samplePipeline(uniqueName('soak'), { stream: { shardCount } });
  const { name } = pipeline;
  const ids = Array.from({ length: EVENTS_PER_RUN }, () => randomUUID());
  const { put, connect: warm, close } = sender(endpoint, name);
  if (holdsRecords) {
    await applyAll(endpoint, withoutMapping(pipeline));
    for (const id of ids) await put(`older-${id}`);
  } else await warm();
  await bringUp(endpoint, pipeline);
  const since = performance.now();
  const elapsed = () => Math.ceil(performance.now() - since);
  for (const [n, id] of ids.entries()) {
    const sent = put(id);
    if (n === 0) tally.firstSentMs = Math.max(tally.firstSentMs, elapsed());
    await sent;
    if (n === 0) tally.firstAnsweredMs = Math.max(tally.firstAnsweredMs, elapsed());
  }
  close();
  const counts = await settled(endpoint, name, ids);
  tally.runs[holdsRecords ? 'holdingRecords' : 'empty'] += 1;
  tally.sent += ids.length;
  tally.lost += ids.filter((id) => !counts.has(id)).length;
  tally.twice += ids.filter((id) => (counts.get(id) ?? 0) > 1).length;
  tally.older += [...counts.keys()].filter((id) => id.startsWith('older-')).length;
  // Each remaining mapping costs the engine a poll per second.
  await destroy(pipeline, { endpoint, emptyBuckets: true });
}

/** The handled events: once all have arrived or, if some are missing, once nothing has arrived for STILL_MS. */
export async function settled(endpoint: string, bucket: string, ids: string[]): Promise<Map<string, number>> {
  let counts = await handled(endpoint, bucket);
  for (let stillSince = performance.now(); performance.now() - stillSince < STILL_MS; ) {
    if (ids.every((id) => counts.has(id))) break;
    await sleep(200);
    const now = await handled(endpoint, bucket);
    if (now.size > counts.size) stillSince = performance.now();
    counts = now;
  }
  return counts;
}

async function applyAll(endpoint: string, pipeline: Runnable): Promise<void> {
  const result = await apply(pipeline, { endpoint });
  if (!result.ok) throw Object.values(result.failures)[0];
}

function withoutMapping(pipeline: Runnable): Runnable {
  return { ...pipeline, pipeline: { ...pipeline.pipeline, eventSourceMappings: [] } };
}

export const readyHooks: BringUp = applyAll;

/** The control: the same pipeline, with a plain LATEST mapping that counts as ready once it is Enabled. */
export const plainLatest: BringUp = async (endpoint, pipeline) => {
  await applyAll(endpoint, withoutMapping(pipeline));
  const aws = await connect({ endpoint, region: 'us-east-1', account: '000000000000' });
  const { UUID } = await aws.call('CreateEventSourceMapping', {
    EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${pipeline.name}`,
    FunctionName: pipeline.name,
    BatchSize: 10_000,
    StartingPosition: 'LATEST',
  });
  while ((await aws.call('GetEventSourceMapping', { UUID })).State !== 'Enabled') await sleep(5);
  aws.close();
};
