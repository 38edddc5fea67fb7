import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { doctor } from '../../src/features/doctor/doctor.ts';
import { statusOf } from '../../src/features/status/status.ts';
import { down, type UpOptions, up } from '../../src/local/index.ts';
import { apply } from '../../src/runtime/apply/apply.ts';
import { connect } from '../../src/runtime/engine/connect.ts';
import { endpoint as shared } from '../support/engine.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';
import { handled } from '../support/recorder.ts';
import { sender } from '../support/records.ts';

// Something else deletes and re-creates a stream. Its mapping stays Enabled, but delivers nothing from it.
async function pipelineAt(endpoint: string) {
  const sample = samplePipeline(uniqueName('recreated'));
  const { name } = sample;
  const aws = await connect({ endpoint, region: 'us-east-1', account: '000000000000' });
  onTestFinished(() => aws.close());
  const stream = async () => (await aws.call('DescribeStreamSummary', { StreamName: name })).StreamDescriptionSummary;
  return {
    sample,
    aws,
    async apply() {
      const { failures, outcomes } = await apply(sample, { endpoint });
      expect(failures).toEqual({});
      return outcomes[`event source mapping ${name} → ${name}`];
    },
    async recreateStream() {
      const madeAt = (await stream())?.StreamCreationTimestamp?.getTime() ?? 0;
      // Some engines report times in whole seconds.
      await vi.waitFor(() => expect(Date.now() - madeAt).toBeGreaterThan(2_000), 5_000);
      await aws.call('DeleteStream', { StreamName: name });
      await vi.waitFor(() => aws.call('CreateStream', { StreamName: name, ShardCount: 1 }), 10_000);
      await vi.waitFor(async () => expect((await stream())?.StreamStatus).toBe('ACTIVE'), 10_000);
    },
    async put(...events: string[]) {
      const { put, close } = sender(endpoint, name);
      for (const event of events) await put(event);
      close();
    },
    async found() {
      const { pipelines, state } = await statusOf([sample], { endpoint });
      const open = pipelines[0]?.resources.filter((resource) => resource.state !== 'ready');
      const mappings = await aws.call('ListEventSourceMappings', { FunctionName: name });
      const mapping = mappings.EventSourceMappings?.[0]?.UUID ?? '';
      return { state, open, codes: (await doctor([], { endpoint, mapping })).map(({ code }) => code) };
    },
    handled: (expected: [string, number][]) =>
      vi.waitFor(async () => expect([...(await handled(endpoint, name))].sort()).toEqual(expected), {
        timeout: 20_000,
        interval: 200,
      }),
  };
}

async function started(options: UpOptions): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-recreated-'));
  onTestFinished(async () => {
    await down({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
  });
  return (await up({ port: 0, dataDir, ...options })).endpoint;
}

describe('status and doctor report a re-created stream with its old mapping, and one run delivers all its records', () => {
  test.each<[string, () => Promise<string>]>([
    ['LocalStack', async () => shared()],
    ['LocalStack, whose clock is five hours behind', () => started({ env: { TZ: 'EST5' } })],
    ['LocalStack, whose clock is five hours ahead', () => started({ env: { TZ: 'XXX-5' } })],
    ['LocalEmu', () => started({ engine: 'localemu' })],
    ['MiniStack', () => started({ engine: 'ministack' })],
  ])('%s', async (_, start) => {
    const at = await pipelineAt(await start());
    expect(await at.apply()).toBe('created');
    expect(await at.apply()).toBe('unchanged');
    expect(await at.found()).toMatchObject({ state: 'ready', codes: [] });
    await at.put('before');
    await at.handled([['before', 1]]);

    await at.recreateStream();
    await at.put('meanwhile');
    expect(await at.found()).toMatchObject({
      state: 'waiting',
      open: [{ state: 'differs', detail: expect.stringContaining('its stream was re-created at ') }],
      codes: ['RH117'],
    });
    expect(await at.apply()).toBe('created');
    await at.put('now');
    const all: [string, number][] = [
      ['before', 1],
      ['meanwhile', 1],
      ['now', 1],
    ];
    await at.handled(all);
    expect(await at.apply()).toBe('unchanged');
    expect(await at.found()).toMatchObject({ state: 'ready', codes: [] });
    await at.handled(all);
  });

  test('a mapping that another tool created, recognized by its time', async () => {
    const at = await pipelineAt(shared());
    const { name } = at.sample;
    const { pipeline } = at.sample;
    expect(
      (await apply({ ...at.sample, pipeline: { ...pipeline, eventSourceMappings: [] } }, { endpoint: shared() })).ok,
    ).toBe(true);
    await at.aws.call('CreateEventSourceMapping', {
      EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
      FunctionName: name,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10_000,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    await at.put('before');
    await at.handled([['before', 1]]);
    expect(await at.found()).toMatchObject({ codes: [] });
    await at.recreateStream();
    await at.put('meanwhile');
    expect(await at.found()).toMatchObject({ state: 'waiting', codes: ['RH117'] });
    expect(await at.apply()).toBe('created');
    await at.handled([
      ['before', 1],
      ['meanwhile', 1],
    ]);
  });
});
