import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type StartOptions, startPipeline } from '../../src/features/testing/index.ts';
import { isPortInUse } from '../../src/local/machine/port.ts';
import type { PipelineInput } from '../../src/runtime/definition/input.ts';
import { objectsIn } from '../support/bucket.ts';
import { cli, startCli } from '../support/cli.ts';
import { Debugger } from '../support/debugger.ts';
import { endpoint } from '../support/engine.ts';
import { folderWith, rejection, sharedFolder } from '../support/folder.ts';
import { uniqueName } from '../support/pipelines.ts';
import { putTogether } from '../support/records.ts';

const within = { timeout: 30_000, interval: 100 };

/** Stores each record under a new name at each call, so that a second call shows. */
const STORE = `import type { KinesisStreamEvent } from 'aws-lambda';
import { keyOf } from './key.ts';

interface Stored {
  id: string;
}

export async function handler({ Records }: KinesisStreamEvent): Promise<void> {
  for (const { kinesis } of Records) {
    const stored: Stored = JSON.parse(Buffer.from(kinesis.data, 'base64').toString());
    const url = [process.env['AWS_ENDPOINT_URL'], process.env['BUCKET'], keyOf(stored)].join('/');
    await fetch(url, { method: 'PUT', body: JSON.stringify(stored) });
  }
}
`;
const KEY = `
type Named = { id: string };

export function keyOf({ id }: Named): string {
  return \`\${id}-\${crypto.randomUUID()}\`;
}
`;
const folder = sharedFolder({ 'functions/store.ts': STORE, 'functions/key.ts': KEY });
const file = (name: string) => join(folder, 'functions', name);

function storing(name: string, shardCount = 1): PipelineInput {
  return {
    buckets: { [name]: {} },
    streams: { [name]: { shardCount } },
    functions: { [name]: { entry: './functions/store.ts', buckets: { BUCKET: name }, timeoutSeconds: 1 } },
    eventSourceMappings: [{ stream: name, function: name, startingPosition: 'LATEST' }],
  };
}

async function inspected(shardCount?: number, options: StartOptions = {}) {
  const name = uniqueName('inspect');
  const pipeline = await startPipeline(storing(name, shardCount), {
    endpoint: endpoint(),
    folder,
    name,
    inspect: 0,
    ...options,
  });
  return { name, pipeline, address: `127.0.0.1:${pipeline.inspected[name]}` };
}

const ids = (objects: { text: string }[]) => objects.map(({ text }) => JSON.parse(text).id).sort();

test('a function pauses at a line of its TypeScript source for longer than its time limit, and is called once', async () => {
  const { name, pipeline, address } = await inspected();
  await using debug = await Debugger.attach(address);
  await debug.breakAt(file('key.ts'), 5);
  await pipeline.put(name, [{ id: 'a' }]);
  expect(await debug.paused()).toBe(`file://${encodeURI(file('key.ts'))}:5`);
  expect(await debug.evaluate('id')).toBe('a');
  await sleep(2_500);
  expect(debug.isPaused()).toBe(true);
  expect(await pipeline.objects(name)).toEqual([]);
  await debug.resume();
  await pipeline.drain();
  expect(ids(await pipeline.objects(name))).toEqual(['a']);
  await pipeline.stop();
});

test('each invocation for four shards stops in the one process, and none is repeated', async () => {
  const { name, pipeline, address } = await inspected(4);
  await using debug = await Debugger.attach(address);
  await debug.breakAt(file('store.ts'), 11);
  const records = Array.from({ length: 12 }, (_, n) => ({ id: `n${n}` }));
  await pipeline.put(name, records, { partitionKey: 'id' });
  const drained = pipeline.drain();
  for (let n = 0; n < records.length; n++) {
    expect(await debug.paused()).toContain('store.ts:11');
    if (n === 0) await sleep(1_500);
    await debug.resume();
  }
  await drained;
  expect(ids(await pipeline.objects(name))).toEqual(records.map(({ id }) => id).sort());
});

/** The first of two neighbouring free ports, below those that the system hands out: other tests cannot take the second one meanwhile. */
async function freePair(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const areTaken = (await isPortInUse(port)) || (await isPortInUse(port + 1));
  return areTaken ? freePair() : port;
}

test('two functions get two ports; new code ends a paused call, and its batch is delivered to the new code', async () => {
  const name = uniqueName('inspect');
  const project = folderWith({ 'init/functions/store.ts': STORE, 'init/functions/key.ts': KEY });
  const { functions, eventSourceMappings = [], ...rest } = storing(name);
  const other = `${name}-other`;
  const definition = {
    ...rest,
    functions: { ...functions, [other]: { entry: './functions/store.ts', buckets: { BUCKET: name } } },
    eventSourceMappings,
  };
  writeFileSync(join(project, 'init/10-inspect.json'), JSON.stringify(definition));
  const port = await freePair();
  const { said, ended, stop } = startCli(['dev', `--inspect=${port}`, '--endpoint', endpoint()], { cwd: project });
  const printed = (text: string | RegExp) => expect.poll(() => said.stdout + said.stderr, within).toMatch(text);
  try {
    await printed(`ready-hooks: debug ${name} at 127.0.0.1:${port}: with chrome`);
    await printed(/debug \S+-other at 127\.0\.0\.1:\d+: with chrome/);
    const second = Number(/debug \S+-other at 127\.0\.0\.1:(\d+)/.exec(said.stdout)?.[1]);
    expect(second).toBeGreaterThan(port);
    expect(said.stdout).toContain(
      `{"name":"${other}","type":"node","request":"attach","port":${second},"restart":true`,
    );
    const before = await Debugger.attach(`127.0.0.1:${port}`);
    await before.breakAt(join(project, 'init/functions/store.ts'), 11);
    await putTogether(endpoint(), name, ['{"id":"a"}']);
    await before.paused();

    writeFileSync(join(project, 'init/functions/key.ts'), KEY.replace('}-', '}-new-'));
    await printed(/key\.ts changed/);
    await expect
      .poll(async () => [...(await objectsIn(endpoint(), name)).keys()], within)
      .toEqual([expect.stringMatching(/^a-new-/)]);
    await using after = await Debugger.attach(`127.0.0.1:${port}`);
    await after.breakAt(join(project, 'init/functions/store.ts'), 11);
    await putTogether(endpoint(), name, ['{"id":"b"}']);
    await after.paused();
  } catch (error) {
    throw new Error(said.stdout + said.stderr, { cause: error });
  } finally {
    stop();
  }
  expect(await ended).toBe(130);
  // The paused call ended with dev, and is repeated without a debugger.
  await expect.poll(async () => (await objectsIn(endpoint(), name)).size, within).toBe(2);
  await expect.poll(() => isPortInUse(port), within).toBe(false);
});

test('an engine stops although a function is paused', async () => {
  const { name, pipeline, address } = await inspected(1, { endpoint: undefined });
  await using debug = await Debugger.attach(address);
  await debug.breakAt(file('key.ts'), 5);
  await pipeline.put(name, [{ id: 'a' }]);
  await debug.paused();
  const startedAt = performance.now();
  await pipeline.stop();
  // After 8 s, it would be killed.
  expect(performance.now() - startedAt).toBeLessThan(7_000);
  await expect.poll(() => isPortInUse(Number(address.split(':')[1])), within).toBe(false);
});

describe('rejects before anything starts', () => {
  test.each([
    [
      'a port that is in use',
      'in use',
      /^ready-hooks: Port \d+ for a debugger is in use by another program: stop it, or/,
    ],
    ['an invalid port', '80', /expected 0 or a port from 1024 to 65535, as in --inspect=9229/],
    ['a definition in place of a port', 'init/10-none.ts', /expected 0 or a port from 1024 to 65535/],
  ])('%s', async (_, given, message) => {
    const cwd = folderWith({ 'init/10-none.json': JSON.stringify(storing(uniqueName('none'))) });
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = given === 'in use' ? (server.address() as AddressInfo).port : given;
    const { code, stdout, stderr } = await cli(['dev', '--inspect', String(port), '--endpoint', endpoint()], { cwd });
    server.close();
    expect({ code, stdout }).toEqual({ code: given === 'in use' ? 1 : 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('an engine that runs functions in another way', async () => {
    const other = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'));
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const sentence = /^InvalidInputError: Debuggers can attach to functions on an engine that npx ready-hooks up/;
    expect(await rejection(inspected(1, { endpoint: url }))).toMatch(sentence);
    for (const engine of ['ministack', 'docker'] as const)
      expect(await rejection(inspected(1, { endpoint: undefined, engine }))).toMatch(sentence);
    for (const inspect of [80, 70_000, 1.5])
      expect(await rejection(inspected(1, { inspect }))).toMatch(
        /^InvalidInputError: The port .* for debuggers is invalid/,
      );
    other.close();
  });
});
