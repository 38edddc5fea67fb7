import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { down, type LocalEngine, up } from '../../src/local/index.ts';
import { apply } from '../../src/runtime/apply/apply.ts';
import { givenUpIn } from '../support/bucket.ts';
import { type Changes, samplePipeline, uniqueName } from '../support/pipelines.ts';
import { handled } from '../support/recorder.ts';
import { putTogether } from '../support/records.ts';

const HOUR_MS = 3_600_000;

// A separate LocalStack, whose Kinesis engine has an adjustable clock.
let engine: LocalEngine;
let folder: string;
let setClock: (offMs: number) => Promise<void>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-clock-'));
  const KINESIS_CLOCK = join(folder, 'clock');
  setClock = (offMs) => writeFile(KINESIS_CLOCK, String(offMs));
  await setClock(0);
  const preload = fileURLToPath(new URL('../support/kinesis-clock.cjs', import.meta.url));
  const env = { NODE_OPTIONS: `--require ${preload}`, KINESIS_CLOCK };
  engine = await up({ port: 0, dataDir: join(folder, 'data'), env });
});
afterAll(async () => {
  await down({ dataDir: engine.dataDir });
  await rm(folder, { recursive: true, force: true });
});

/** Puts old records with the clock shifted; then resets it, creates the mapping and puts new ones. */
async function deliver(oldOffMs: number, changes: (name: string) => Changes = () => ({})) {
  const { endpoint } = engine;
  const name = uniqueName('old-records');
  const sample = samplePipeline(name, changes(name));
  await apply({ ...sample, pipeline: { ...sample.pipeline, eventSourceMappings: [] } }, { endpoint });
  await setClock(oldOffMs);
  await putTogether(endpoint, name, ['old1', 'old2']);
  await setClock(0);
  expect((await apply(sample, { endpoint })).failures).toEqual({});
  await putTogether(endpoint, name, ['new1', 'new2']);
  await vi.waitFor(async () => expect([...(await handled(endpoint, name)).keys()]).toContain('new2'), {
    timeout: 20_000,
    interval: 100,
  });
  return { name, counts: Object.fromEntries(await handled(endpoint, name)) };
}

const NEW = { new1: 1, new2: 1 };

test('TRIM_HORIZON delivers records past their retention: LocalStack never drops them', async () => {
  const trimHorizon = () => ({ mapping: { startingPosition: 'TRIM_HORIZON' as const } });
  expect((await deliver(-25 * HOUR_MS, trimHorizon)).counts).toEqual({ old1: 1, old2: 1, ...NEW });
});

test('LATEST does not deliver them, and loses no new record', async () => {
  expect((await deliver(-25 * HOUR_MS)).counts).toEqual(NEW);
});

test('maximumRecordAgeSeconds: older records go to the failure bucket, newer ones are handled once', async () => {
  const { name, counts } = await deliver(-2 * 60_000, (bucket) => ({
    mapping: { startingPosition: 'TRIM_HORIZON', maximumRecordAgeSeconds: 60, onFailure: { bucket } },
  }));
  await vi.waitFor(async () =>
    expect((await givenUpIn(engine.endpoint, name)).map(({ data }) => data)).toEqual([['old1', 'old2']]),
  );
  // The object that reports the failure is under aws/.
  const { aws: _, ...records } = counts;
  expect(records).toEqual(NEW);
});

test('a poller whose shard iterator has expired goes on behind the last record', async () => {
  const { name } = await deliver(0, () => ({ stream: { shardCount: 2 } }));
  try {
    // An iterator lives for 5 minutes, as while a function is paused in a debugger, or the machine sleeps.
    await setClock(6 * 60_000);
    await putTogether(engine.endpoint, name, ['later']);
    await vi.waitFor(async () => expect([...(await handled(engine.endpoint, name)).keys()]).toContain('later'), {
      timeout: 20_000,
      interval: 100,
    });
    await putTogether(engine.endpoint, name, ['last']);
    await vi.waitFor(async () => expect([...(await handled(engine.endpoint, name)).keys()]).toContain('last'));
    expect(Object.fromEntries(await handled(engine.endpoint, name))).toMatchObject({ ...NEW, later: 1, last: 1 });
  } finally {
    await setClock(0);
  }
});
