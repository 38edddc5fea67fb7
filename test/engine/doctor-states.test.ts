import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { doctor } from '../../src/features/doctor/doctor.ts';
import { down, type LocalEngine, type UpOptions, up } from '../../src/local/index.ts';
import { arnOf, patient } from '../support/doctor.ts';
import { uniqueName } from '../support/pipelines.ts';
import { recorder } from '../support/recorder.ts';

// States that pass too fast on other engines, or that LocalStack does not allow: each on an engine that has it.
let dataDir: string;
let sick: Awaited<ReturnType<typeof patient>>;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-doctor-'));
});
afterEach(async () => {
  sick.aws.close();
  await down({ dataDir });
  await rm(dataDir, { recursive: true, force: true });
});

async function start(options: UpOptions): Promise<LocalEngine> {
  const engine = await up({ port: 0, dataDir, ...options });
  sick = await patient(engine);
  return engine;
}

test('RH113 is reproduced and found on a LocalStack with slow streams', async () => {
  await start({ env: { KINESIS_LATENCY: '10000' } });
  const name = uniqueName('slow');
  const fn = await sick.createFunction();
  await sick.createStream(name);
  await vi.waitFor(() => sick.aws.call('DescribeStreamSummary', { StreamName: name }), 10_000);
  const made = await sick.aws.call('CreateEventSourceMapping', {
    FunctionName: fn,
    EventSourceArn: arnOf(name),
    StartingPosition: 'TRIM_HORIZON',
  });
  await vi.waitFor(async () => expect(await sick.codes(made.UUID ?? '')).toEqual(['RH113']), 8_000);
});

test('RH114 and RH202 are reproduced and found on MiniStack', async () => {
  const { endpoint } = await start({ engine: 'ministack' });
  const name = uniqueName('twice');
  await sick.createStream(name);
  const fn = await sick.createFunction();
  const mapping = await sick.createMapping(fn, arnOf(name));
  await sick.createMapping(fn, arnOf(name));
  expect((await doctor([], { endpoint })).map(({ code }) => code)).toContain('RH114');
  expect((await doctor([], { endpoint, mapping })).map(({ code }) => code)).toContain('RH114');

  // Pending lasts half a second: re-create the function until it is seen.
  const { Configuration } = await sick.aws.call('GetFunction', { FunctionName: fn });
  await vi.waitFor(async () => {
    const FunctionName = uniqueName('pending');
    const Code = { ZipFile: recorder.zip };
    const { Role = '', Runtime = 'nodejs20.x', Handler = '' } = Configuration ?? {};
    await sick.aws.call('CreateFunction', { FunctionName, Role, Runtime, Handler, Code });
    const mapping = await sick.aws.call('CreateEventSourceMapping', {
      FunctionName,
      EventSourceArn: arnOf(name),
      StartingPosition: 'TRIM_HORIZON',
    });
    expect(await sick.codes(mapping.UUID ?? '')).toContain('RH202');
  }, 20_000);
});
