import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { apply } from '../src/apply/pipeline.ts';
import { connect } from '../src/aws/connect.ts';
import { ExpectedError } from '../src/errors.ts';
import { down, up } from '../src/local/index.ts';
import { samplePipeline, uniqueName } from '../test/support/pipelines.ts';
import { handled } from '../test/support/recorder.ts';
import { sender } from '../test/support/records.ts';
import { runScript } from './run.ts';

const EVENTS_PER_RUN = 20;
const CONTROL_RUNS = 5;

interface Tally {
  runs: number;
  sent: number;
  lost: number;
  twice: number;
  /** Milliseconds from the return of apply until the first put was on its way, and until it was answered; the worst of all runs. */
  firstSentMs: number;
  firstAnsweredMs: number;
}

/** Sends 20 events right after the mapping is said to be ready, and counts how often each was handled. */
async function soak(
  endpoint: string,
  runs: number,
  bringUp: (endpoint: string, name: string) => Promise<void>,
): Promise<Tally> {
  const tally: Tally = { runs, sent: 0, lost: 0, twice: 0, firstSentMs: 0, firstAnsweredMs: 0 };
  for (let run = 0; run < runs; run++) {
    const name = uniqueName('soak');
    const ids = Array.from({ length: EVENTS_PER_RUN }, () => randomUUID());
    const { put, connect: warm, close } = sender(endpoint, name);
    await warm();
    await bringUp(endpoint, name);
    const since = performance.now();
    for (const [n, id] of ids.entries()) {
      const sent = put(id);
      if (n === 0) tally.firstSentMs = Math.max(tally.firstSentMs, Math.ceil(performance.now() - since));
      await sent;
      if (n === 0) tally.firstAnsweredMs = Math.max(tally.firstAnsweredMs, Math.ceil(performance.now() - since));
    }
    close();
    const counts = await settled(endpoint, name, ids);
    tally.sent += ids.length;
    tally.lost += ids.filter((id) => !counts.has(id)).length;
    tally.twice += ids.filter((id) => (counts.get(id) ?? 0) > 1).length;
  }
  return tally;
}

/** What was handled, once all are there or, where some are missing, when nothing has moved for five seconds. */
async function settled(endpoint: string, bucket: string, ids: string[]): Promise<Map<string, number>> {
  let counts = await handled(endpoint, bucket);
  for (let still = 0; still < 50 && counts.size < ids.length; still++) {
    await sleep(100);
    const now = await handled(endpoint, bucket);
    if (now.size > counts.size) still = 0;
    counts = now;
  }
  return counts;
}

async function ours(endpoint: string, name: string): Promise<void> {
  const result = await apply(samplePipeline(name), { endpoint });
  if (!result.ok) throw Object.values(result.failures)[0];
}

/** The control: the same pipeline, its mapping made plainly at LATEST and taken for ready when it is Enabled. */
async function plainLatest(endpoint: string, name: string): Promise<void> {
  const sample = samplePipeline(name);
  await apply({ ...sample, pipeline: { ...sample.pipeline, eventSourceMappings: [] } }, { endpoint });
  const aws = await connect({ endpoint, region: 'us-east-1', account: '000000000000' });
  const { UUID } = await aws.call('CreateEventSourceMapping', {
    EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
    FunctionName: name,
    BatchSize: 10_000,
    StartingPosition: 'LATEST',
  });
  while ((await aws.call('GetEventSourceMapping', { UUID })).State !== 'Enabled') await sleep(5);
  aws.close();
}

await runScript(async (signal) => {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '50' } } });
  const runs = Number(values.runs);
  const dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-soak-'));
  try {
    const { endpoint, version } = await up({ port: 0, dataDir, signal, onProgress: console.log });
    console.log(`soak on LocalStack ${version}: ${runs} runs of ${EVENTS_PER_RUN} events`);
    const tally = await soak(endpoint, runs, ours);
    console.log('ours   ', tally);
    const control = await soak(endpoint, CONTROL_RUNS, plainLatest);
    console.log('control', control);
    if (tally.lost > 0 || tally.twice > 0)
      throw new ExpectedError(
        `${tally.lost} of ${tally.sent} events were lost and ${tally.twice} handled more than once; expected none.`,
      );
    if (control.lost === 0)
      throw new ExpectedError('The control lost nothing, so this run proves nothing: run it again.');
  } finally {
    await down({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
  }
});
