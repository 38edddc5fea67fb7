import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { down, up } from '../../src/local/index.ts';
import { apply, destroy } from '../../src/runtime/apply/apply.ts';
import { type Aws, connect } from '../../src/runtime/engine/connect.ts';
import { applied, samplePipeline, uniqueName } from '../support/pipelines.ts';
import { createRecorder } from '../support/recorder.ts';

// States that LocalStack without Docker does not have: MiniStack's functions are Pending for half a second, and it accepts duplicate mappings.
let dataDir: string;
let endpoint: string;
let aws: Aws;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-states-'));
  ({ endpoint } = await up({ engine: 'ministack', port: 0, dataDir }));
  aws = await connect({ endpoint, region: 'us-east-1', account: '000000000000' });
});
afterAll(async () => {
  aws.close();
  await down({ dataDir });
  await rm(dataDir, { recursive: true, force: true });
});

test('waits for a Pending function, and keeps it', async () => {
  const name = uniqueName('pending');
  const sample = samplePipeline(name);
  const waits: string[] = [];
  await createRecorder(aws, name);
  const { failures, outcomes } = await apply(sample, {
    endpoint,
    onEvent: (event) => void (event.type === 'waiting' && waits.push(`${event.step}: ${event.seen}`)),
  });
  expect(failures).toEqual({});
  expect(waits).toContainEqual(expect.stringMatching(/^function .*: Pending/));
  expect(outcomes[`function ${name}`]).toBe('updated');
});

test('a duplicate mapping is reported with both UUIDs, and nothing changes; destroy removes both', async () => {
  const { name } = await applied(endpoint, 'twice');
  const list = async () =>
    (await aws.call('ListEventSourceMappings', { FunctionName: name })).EventSourceMappings ?? [];
  const [first] = await list();
  await aws.call('CreateEventSourceMapping', {
    FunctionName: name,
    EventSourceArn: first?.EventSourceArn,
    StartingPosition: 'TRIM_HORIZON',
  });
  const [{ UUID: one } = {}, { UUID: other } = {}] = await list();
  const { failures } = await apply(samplePipeline(name), { endpoint });
  const messages = Object.values(failures).map(({ message }) => message);
  expect(messages).toEqual([expect.stringMatching(/was expected once but exists 2 times, .* delete all but one/)]);
  expect(messages[0]).toContain(one);
  expect(messages[0]).toContain(other);
  expect(await list()).toHaveLength(2);

  expect((await destroy(samplePipeline(name), { endpoint, emptyBuckets: true })).failures).toEqual({});
  await vi.waitFor(async () => expect(await list()).toEqual([]));
});
