import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { down, type LocalEngine, up } from '../../src/local/index.ts';
import { select } from '../../src/local/localstack/select.ts';
import { arnOf, FORGETFUL, patient } from '../support/doctor.ts';
import { uniqueName } from '../support/pipelines.ts';

// LocalStack 4.2 accepts a mapping without its stream, so every cause of "Stream arn … not found" can be reproduced.
let engine: LocalEngine;
let dataDir: string;
let sick: Awaited<ReturnType<typeof patient>>;
let fn: string;
const noPython = await select('4.2.0', {}).then(
  () => undefined,
  (error: Error) => error.message,
);
beforeAll(async () => {
  if (noPython) return;
  dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-doctor-'));
  engine = await up({ port: 0, dataDir, version: '4.2.0', env: FORGETFUL });
  sick = await patient(engine);
  await sick.aws.call('ListStreams', {});
  fn = await sick.createFunction();
});
afterAll(async () => {
  if (noPython) return;
  sick.aws.close();
  await down({ dataDir });
  await rm(dataDir, { recursive: true, force: true });
});

const IDLE = 'RH502';
const mark = async () => (await sick.log()).length;

const causes: [string, () => Promise<{ mapping: string; from: number }>][] = [
  ['RH101', async () => ({ from: await mark(), mapping: await sick.createMapping(fn, arnOf(uniqueName('late'))) })],
  [
    'RH102',
    async () => {
      const from = await mark();
      const name = uniqueName('limit');
      const tooMany = sick.aws.call('CreateStream', { StreamName: name, ShardCount: 1_000 });
      await expect(tooMany).rejects.toThrow();
      return { from, mapping: await sick.createMapping(fn, arnOf(name)) };
    },
  ],
  [
    'RH103',
    async () => {
      const name = uniqueName('regional');
      const other = await patient(engine, 'eu-west-1');
      await other.createStream(name);
      other.aws.close();
      return { from: await mark(), mapping: await sick.createMapping(fn, arnOf(name)) };
    },
  ],
  [
    'RH104',
    async () => {
      const name = uniqueName('accounts');
      await sick.createStream(name);
      await sick.active(name);
      return {
        from: await mark(),
        mapping: await sick.createMapping(fn, arnOf(name, 'us-east-1', '111111111111')),
      };
    },
  ],
  [
    'RH105',
    async () => {
      const name = uniqueName('role');
      await sick.createStream(name);
      await sick.active(name);
      const foreign = await sick.createFunction({ Role: 'arn:aws:iam::222222222222:role/r' });
      const from = await mark();
      const mapping = await sick.createMapping(foreign, arnOf(name));
      await sick.logged(from, new RegExp(`ResourceNotFoundException.*${name} not found`));
      return { from, mapping };
    },
  ],
  [
    'RH107',
    async () => {
      const name = uniqueName('deleting');
      await sick.createStream(name);
      await sick.active(name);
      const from = await mark();
      await sick.aws.call('DeleteStream', { StreamName: name });
      await expect(sick.createStream(name)).rejects.toThrow(/already exists/);
      await sick.gone(name);
      return { from, mapping: await sick.createMapping(fn, arnOf(name)) };
    },
  ],
  [
    'RH108',
    async () => {
      const name = uniqueName('under');
      await sick.createStream(name);
      await sick.active(name);
      const mapping = await sick.createMapping(fn, arnOf(name));
      const from = await mark();
      await sick.aws.call('DeleteStream', { StreamName: name });
      await sick.gone(name);
      return { from, mapping };
    },
  ],
  [
    'RH109',
    async () => {
      const name = uniqueName('crash');
      const from = await mark();
      await sick.createStream(name);
      await sick.active(name);
      const mapping = await sick.createMapping(fn, arnOf(name));
      await sick.killKinesis();
      await sick.logged(from, /Restarting process/);
      await sick.gone(name);
      return { from, mapping };
    },
  ],
];

test.skipIf(noPython).each(causes)('%s is reproduced and found on LocalStack 4.2.0', async (code, make) => {
  const { mapping, from } = await make();
  expect(await sick.codes(mapping, from)).toEqual([code, IDLE]);
  // Its poller would log an error ten times a second.
  await sick.aws.call('DeleteEventSourceMapping', { UUID: mapping });
});

test('RH123: a mapping created before its stream waits, and then delivers', async (context) => {
  if (noPython) return context.skip(noPython);
  const name = uniqueName('later');
  const from = await mark();
  const mapping = await sick.createMapping(fn, arnOf(name));
  await sick.logged(from, new RegExp(`Error while polling messages .*${name}`));
  await sick.createStream(name);
  await sick.active(name);
  expect(await sick.codes(mapping, from)).toEqual([IDLE, 'RH123']);
});

test('a healthy mapping has only the warning about this version', async (context) => {
  if (noPython) return context.skip(noPython);
  const name = uniqueName('well');
  await sick.createStream(name);
  await sick.active(name);
  expect(await sick.codes(await sick.createMapping(fn, arnOf(name)))).toEqual([IDLE]);
});
