import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startPipeline, type TestPipeline } from '../../src/features/testing/index.ts';
import { down, type LocalEngine, up } from '../../src/local/index.ts';
import { connect } from '../../src/runtime/engine/connect.ts';
import { sharedFolder } from '../support/folder.ts';
import { tcpSockets } from '../support/tcp.ts';
import { WORKER, workers } from '../support/worker.ts';

const folder = sharedFolder({ 'worker.mjs': WORKER });
let dataDir: string;
let engine: LocalEngine;
let pipeline: TestPipeline;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-kinesis-'));
  // Its log shows each read of a poller.
  engine = await up({ port: 0, dataDir, env: { LS_LOG: 'trace-internal' } });
  pipeline = await startPipeline(workers('idle'), { endpoint: engine.endpoint, folder, name: 'idle' });
});
afterAll(async () => {
  await down({ dataDir });
  await rm(dataDir, { recursive: true, force: true });
});

/** When the poller read, in milliseconds since the epoch. */
async function reads(): Promise<number[]> {
  const log = await readFile(engine.logFile, 'utf8');
  return [...log.matchAll(/^(\S+) .*kinesis\.GetRecords => 200/gm)].map(([, time]) => Date.parse(`${time}Z`));
}

/** Waits for this many reads after those that are known, and returns all. */
async function moreReads(known: number[], count = 1): Promise<number[]> {
  await vi.waitFor(async () => expect((await reads()).length).toBeGreaterThanOrEqual(known.length + count), {
    timeout: 20_000,
    interval: 20,
  });
  return reads();
}

const until = (key: string) =>
  vi.waitFor(async () => expect((await pipeline.objects('idle')).map((object) => object.key)).toContain(key), 20_000);

test('an empty shard is read once a second, and a record that is put is read sooner', async () => {
  const aws = await connect({ endpoint: engine.endpoint, region: 'us-east-1', account: '000000000000' });
  const pauses: number[] = [];
  for (const [index, stream] of [
    { StreamName: 'idle' },
    { StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/idle' },
    { StreamName: 'idle' },
  ].entries()) {
    const idle = await moreReads(await reads(), 3);
    const [first = 0, second = 0, third = 0] = idle.slice(-3);
    expect(second - first).toBeGreaterThanOrEqual(950);
    expect(third - second).toBeGreaterThanOrEqual(950);
    const Records = [{ PartitionKey: 'a', Data: Buffer.from(JSON.stringify({ id: `record-${index}` })) }];
    await aws.call('PutRecords', { ...stream, Records });
    const next = (await moreReads(idle))[idle.length] ?? Number.NaN;
    pauses.push(next - third);
    await until(`record-${index}`);
  }
  aws.close();
  // Otherwise, each pause would be a second.
  expect(Math.min(...pauses)).toBeLessThan(900);
});

test.runIf(process.platform === 'linux')('LocalStack keeps its connections to the Kinesis engine', async () => {
  const aws = await connect({ endpoint: engine.endpoint, region: 'us-east-1', account: '000000000000' });
  const list = () => aws.call('ListStreams', {});
  const before = await connections();
  for (let n = 0; n < 20; n++) await list();
  await Promise.all(Array.from({ length: 20 }, list));
  for (let n = 0; n < 20; n++) await list();
  aws.close();
  // One more for each that is in use at the same time.
  expect((await connections()) - before).toBeLessThanOrEqual(20);
});

/** How many connections to the Kinesis engine there are, and were in the last minute. */
async function connections(): Promise<number> {
  const log = await readFile(engine.logFile, 'utf8');
  const port = Number(/Plain Mock Service on port (\d+)/.exec(log)?.[1]);
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return tcpSockets().filter(({ remote }) => remote.endsWith(ending)).length;
}
