import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { doctor } from '../../src/features/doctor/doctor.ts';
import { definePipeline } from '../../src/index.ts';
import { down, type LocalEngine, up } from '../../src/local/index.ts';
import { cli } from '../support/cli.ts';
import { arnOf, FORGETFUL, patient } from '../support/doctor.ts';
import { applied, uniqueName } from '../support/pipelines.ts';
import { sender } from '../support/records.ts';

// The newest LocalStack that a Python here can run, with hooks that it cannot run.
let engine: LocalEngine;
let folder: string;
let hooksDir: string;
let sick: Awaited<ReturnType<typeof patient>>;
let fn: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-doctor-'));
  hooksDir = join(folder, 'ready.d');
  await mkdir(hooksDir);
  const hooks: [string, string, number][] = [
    ['10-well.sh', '#!/bin/sh\nexit 0\n', 0o755],
    ['20-no-bit.sh', '#!/bin/sh\nexit 0\n', 0o644],
    ['30-crlf.sh', '#!/bin/sh\r\nexit 0\r\n', 0o755],
    ['40-no-shebang.sh', 'exit 0\n', 0o755],
  ];
  for (const [name, text, mode] of hooks) {
    await writeFile(join(hooksDir, name), text);
    await chmod(join(hooksDir, name), mode);
  }
  engine = await up({ port: 0, dataDir: join(folder, 'data'), hooksDir, env: FORGETFUL });
  sick = await patient(engine);
  await sick.aws.call('ListStreams', {});
  fn = await sick.createFunction();
});
afterAll(async () => {
  sick.aws.close();
  await down({ dataDir: engine.dataDir });
  await rm(folder, { recursive: true, force: true });
});

const mark = async () => (await sick.log()).length;
async function stream(prefix: string): Promise<string> {
  const name = uniqueName(prefix);
  await sick.createStream(name);
  await sick.active(name);
  return name;
}
/** The findings about the engine's hooks are the same in every test here. */
const of = (codes: string[]) => codes.filter((code) => code !== 'RH308');

test('hooks that cannot run are found before and after the start: no exec bit, CRLF, no shebang', async () => {
  const found = () => doctor([], { endpoint: engine.endpoint, hooksDir });
  const codes = async () => (await found()).map(({ code, subject }) => `${code} ${subject}`).sort();
  await vi.waitFor(
    async () =>
      expect(await codes()).toEqual([
        'RH301 hook 20-no-bit.sh',
        'RH302 hook 30-crlf.sh',
        'RH303 hook 40-no-shebang.sh',
        'RH308 hook 20-no-bit.sh, 30-crlf.sh, 40-no-shebang.sh',
      ]),
    20_000,
  );
  const all = await doctor([], { endpoint: engine.endpoint, logFile: engine.logFile });
  expect(all.find(({ code }) => code === 'RH308')?.evidence).toMatch(
    /\.log: 20-no-bit\.sh: .*Permission denied.*; 30-crlf\.sh: .*; 40-no-shebang\.sh: .*Exec format error/,
  );
});

test('a folder whose hooks the engine does not run is found', async () => {
  const other = join(folder, 'other');
  await mkdir(other);
  await writeFile(join(other, '10-elsewhere.sh'), '#!/bin/sh\n', { mode: 0o755 });
  const found = await doctor([], { endpoint: engine.endpoint, hooksDir: other });
  expect(of(found.map(({ code }) => code))).toEqual(['RH309']);
});

test('a healthy pipeline has no findings, and matches its definition', async () => {
  const { name } = await applied(engine.endpoint, 'healthy');
  const { aws } = sick;
  const { EventSourceMappings: [mapping] = [] } = await aws.call('ListEventSourceMappings', { FunctionName: name });
  expect(of(await sick.codes(mapping?.UUID ?? ''))).toEqual([]);
});

test('RH105: a role of another account makes CreateEventSourceMapping reject an existing stream', async () => {
  const name = await stream('role');
  const foreign = await sick.createFunction({ Role: 'arn:aws:iam::222222222222:role/r' });
  await expect(sick.createMapping(foreign, arnOf(name))).rejects.toThrow('Stream not found');
  const definition = definePipeline({
    streams: { [name]: { existing: true } },
    functions: { [foreign]: { existing: true } },
    eventSourceMappings: [{ stream: name, function: foreign, startingPosition: 'LATEST' }],
  });
  const found = await doctor([definition], { endpoint: engine.endpoint });
  expect(found.map(({ code, subject }) => `${code} ${subject}`)).toContain(`RH105 function ${foreign}`);
});

const causes: [string, () => Promise<{ mapping: string; from: number }>][] = [
  [
    'RH107',
    async () => {
      const name = await stream('deleting');
      const mapping = await sick.createMapping(fn, arnOf(name));
      const from = await mark();
      await sick.aws.call('DeleteStream', { StreamName: name });
      await expect(sick.createStream(name)).rejects.toThrow(/already exists/);
      await sick.gone(name);
      return { from, mapping };
    },
  ],
  [
    'RH108',
    async () => {
      const name = await stream('under');
      const mapping = await sick.createMapping(fn, arnOf(name));
      const from = await mark();
      await sick.aws.call('DeleteStream', { StreamName: name });
      await sick.gone(name);
      return { from, mapping };
    },
  ],
  [
    'RH111',
    async () => {
      const name = await stream('at');
      const from = await mark();
      const changes = { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: new Date() };
      const mapping = await sick.createMapping(fn, arnOf(name), changes);
      await sick.logged(from, /Error while polling .*StartingPositionTimestamp/);
      return { from, mapping };
    },
  ],
  [
    'RH112',
    async () => {
      const mapping = await sick.createMapping(fn, arnOf(await stream('disabled')), { Enabled: false });
      return { from: 0, mapping };
    },
  ],
  [
    'RH115',
    async () => {
      const mapping = await sick.createMapping(fn, arnOf(await stream('latest')), { StartingPosition: 'LATEST' });
      return { from: 0, mapping };
    },
  ],
  [
    'RH201',
    async () => {
      const failed = await sick.createFunction({ Runtime: 'ruby3.3' });
      return { from: 0, mapping: await sick.createMapping(failed, arnOf(await stream('failed'))) };
    },
  ],
  [
    'RH203',
    async () => {
      const gone = await sick.createFunction();
      const mapping = await sick.createMapping(gone, arnOf(await stream('no-function')));
      await sick.aws.call('DeleteFunction', { FunctionName: gone });
      return { from: 0, mapping };
    },
  ],
];

test.each(causes)('%s is reproduced and found', async (code, make) => {
  const { mapping, from } = await make();
  expect(of(await sick.codes(mapping, from))).toEqual([code]);
  // Its poller would log an error ten times a second.
  await sick.aws.call('DeleteEventSourceMapping', { UUID: mapping });
});

test('RH116 and RH204: declared resources that the engine does not have', async () => {
  const name = await stream('declared');
  const definition = definePipeline({
    streams: { [name]: { retentionPeriodHours: 48 } },
    functions: { [fn]: { existing: true } },
    eventSourceMappings: [{ stream: name, function: fn, startingPosition: 'LATEST' }],
  });
  const found = await doctor([definition], { endpoint: engine.endpoint });
  const own = found.filter(({ subject }) => subject.includes(name));
  expect(own.map(({ code }) => code).sort()).toEqual(['RH116', 'RH204']);
});

test('RH205 and RH123: a function that fails on every call, until it is fixed and called again', async () => {
  const name = await stream('throws');
  // It stores its input in a bucket named by a variable, which is not set.
  const throws = await sick.createFunction();
  const mapping = await sick.createMapping(throws, arnOf(name));
  const found = async () => of(await sick.codes(mapping, await mark()));
  expect(await found()).toEqual([]);
  const { put, close } = sender(engine.endpoint, name);
  await put('a');
  close();
  await vi.waitFor(async () => expect(await found()).toEqual(['RH205']), { timeout: 20_000, interval: 200 });
  // While the poller calls again, CloudWatch has the call for a moment without its error.
  await vi.waitFor(
    async () => {
      const findings = await doctor([], { endpoint: engine.endpoint, mapping });
      const evidence = findings.find(({ code }) => code === 'RH205')?.evidence;
      expect(evidence).toMatch(/the last error, at \d{4}-\S+Z: \w*: /);
    },
    { timeout: 20_000, interval: 200 },
  );

  await sick.aws.call('CreateBucket', { Bucket: name });
  const Environment = { Variables: { BUCKET: name } };
  await sick.aws.call('UpdateFunctionConfiguration', { FunctionName: throws, Environment });
  // Calls before the update no longer count, but the poller waits before it calls again.
  expect(await found()).toEqual(['RH123']);
  await vi.waitFor(async () => expect(await found()).toEqual([]), { timeout: 30_000, interval: 500 });
});

test('an existing resource that is missing: apply is not the fix', async () => {
  const definition = definePipeline({ streams: { [uniqueName('owned')]: { existing: true } } });
  const found = await doctor([definition], { endpoint: engine.endpoint });
  expect(found.filter(({ code }) => code === 'RH204')).toMatchObject([
    { fix: expect.stringContaining('create it with the tool that owns it') },
  ]);
});

test('RH122: records in another region or account, until that stream has a mapping', async () => {
  const { endpoint } = engine;
  const name = await stream('strayed');
  const mapping = await sick.createMapping(await sick.createFunction(), arnOf(name));
  expect(await sick.codes(mapping)).not.toContain('RH122');

  const elsewhere = await patient(engine, 'eu-west-1');
  await elsewhere.createStream(name);
  await elsewhere.active(name);
  expect(await sick.codes(mapping)).not.toContain('RH122');
  const record = { StreamName: name, PartitionKey: 'k', Data: Buffer.from('x') };
  await elsewhere.aws.call('PutRecords', { StreamName: name, Records: [record] });
  const strays = () => doctor([], { endpoint, mapping }).then((all) => all.filter(({ code }) => code === 'RH122'));
  expect(await strays()).toMatchObject([{ severity: 'stops', subject: `stream ${name} in eu-west-1` }]);
  await sick.aws.call('PutRecords', { StreamName: name, Records: [record] });
  expect(await strays()).toMatchObject([{ severity: 'warns' }]);

  await elsewhere.createMapping(await elsewhere.createFunction(), arnOf(name, 'eu-west-1'));
  expect(await strays()).toEqual([]);
  elsewhere.aws.close();

  const account = '111122223333';
  const foreign = await patient(engine, 'us-east-1', account);
  await foreign.createStream(name);
  await foreign.active(name);
  await foreign.aws.call('PutRecords', { StreamName: name, Records: [record] });
  foreign.aws.close();
  const definition = definePipeline({ streams: { [name]: { existing: true } } });
  const found = await doctor([definition], { endpoint, env: { AWS_ACCESS_KEY_ID: account } });
  expect(found.filter(({ code }) => code === 'RH122')).toMatchObject([
    { severity: 'warns', subject: `stream ${name} in account ${account}, us-east-1` },
  ]);
  await sick.aws.call('DeleteEventSourceMapping', { UUID: mapping });
});

test('RH109: the Kinesis engine was killed, and the stream was lost', async () => {
  const from = await mark();
  const name = await stream('crash');
  const mapping = await sick.createMapping(fn, arnOf(name));
  await sick.killKinesis();
  await sick.logged(from, /Restarting process/);
  await sick.gone(name);
  expect(of(await sick.codes(mapping, from))).toEqual(['RH109']);
});

test('the command prints findings as text and as JSON, and exits with code 1', async () => {
  const args = ['doctor', '--endpoint', engine.endpoint, '--hooks', hooksDir];
  const words = await cli(args, { cwd: folder });
  expect(words.stdout).toMatch(/^RH301 hook 20-no-bit\.sh: .*\n {4}seen: .*\n {4}fix: {2}chmod \+x/m);
  expect(words.code).toBe(1);
  const { stdout } = await cli([...args, '--json'], { cwd: folder });
  expect(JSON.parse(stdout)).toEqual({
    schemaVersion: 1,
    findings: expect.arrayContaining([expect.objectContaining({ code: 'RH301', severity: 'stops' })]),
  });
});

test('RH119 and RH120: a filter that matches no record, and one on data that drops text', async () => {
  const name = await stream('filtered');
  const filtered = (pattern: object) => ({ FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] } });
  const onKey = await sick.createMapping(fn, arnOf(name), filtered({ partitionKey: ['a'] }));
  expect(of(await sick.codes(onKey, await mark()))).toEqual(['RH119']);

  const onData = await sick.createMapping(await sick.createFunction(), arnOf(name), filtered({ data: { k: ['a'] } }));
  const before = await mark();
  expect(of(await sick.codes(onData, before))).toEqual([]);
  const { put, close } = sender(engine.endpoint, name);
  await put('text');
  close();
  const found = async () => of(await sick.codes(onData, before));
  await vi.waitFor(async () => expect(await found()).toEqual(['RH120']), { timeout: 20_000, interval: 200 });
});
