import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { launcher } from '../../src/build/ready-d/launcher.ts';
import { applyPipeline, planPipeline } from '../../src/index.ts';
import { prune } from '../../src/runtime/apply/prune.ts';
import { parsePipeline } from '../../src/runtime/definition/check.ts';
import { type Aws, connect } from '../../src/runtime/engine/connect.ts';
import { AbortedError } from '../../src/runtime/errors.ts';
import { bucketsNamed } from '../support/bucket.ts';
import { startCli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { faultProxy } from '../support/fault-proxy.ts';
import { hookFolder, runHook } from '../support/faults/kill.ts';
import { folderWith } from '../support/folder.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';
import { latest, project, recording } from '../support/project.ts';
import { createRecorder, handled, recorder } from '../support/recorder.ts';
import { putTogether } from '../support/records.ts';

let aws: Aws;
/** The stream, the bucket and the pipeline have this name, and the functions start with it. */
let name: string;
beforeEach(async () => {
  aws = await connect({ endpoint: endpoint(), region: 'us-east-1', account: '000000000000' });
  name = uniqueName('prune');
});
afterEach(() => aws.close());

/** A pipeline whose functions all read the stream. */
const withReaders = (...functions: string[]) => ({
  buckets: { [name]: {} },
  streams: { [name]: {} },
  functions: Object.fromEntries(functions.map((each) => [`${name}-${each}`, recording(name)])),
  eventSourceMappings: functions.map((each) => latest(name, `${name}-${each}`)),
});

const exists = (FunctionName: string) =>
  aws.call('GetFunction', { FunctionName }).then(
    () => true,
    () => false,
  );
const mappingsOf = async (EventSourceArn = `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`) =>
  ((await aws.call('ListEventSourceMappings', { EventSourceArn })).EventSourceMappings ?? [])
    .map(({ FunctionArn }) => FunctionArn?.split(':')[6])
    .sort();

/** Sends a record, and returns how often it was handled once it was. */
async function timesHandled(record: string): Promise<number> {
  await putTogether(endpoint(), name, [record]);
  await vi.waitFor(async () => expect((await handled(endpoint(), name)).has(record)).toBe(true), 20_000);
  return (await handled(endpoint(), name)).get(record) ?? 0;
}

test('a renamed function: each command names what is left over; the command that they show deletes it; each event is handled once', async () => {
  const { define, run, paste } = project(folderWith(), endpoint());
  define(name, withReaders('old'));
  expect((await run('apply', `${name}.json`)).stdout).toMatch(/4 created\n$/);
  define(name, withReaders('new'));
  const mapping = `event source mapping ${name} → ${name}-old`;
  const command = `npx ready-hooks apply ${name}.json --prune`;

  const planned = await run('plan', `${name}.json`, '--endpoint', endpoint());
  expect(planned.stdout).toContain(
    `warning: ${mapping}: no longer declared, but still handles the records of ${name}\n`,
  );
  expect(planned.stdout).toContain(`warning: function ${name}-old: no longer declared\n`);
  expect(planned.stdout).toContain(`npx ready-hooks apply ${name}.json --endpoint ${endpoint()} --prune\n`);

  const applied = await run('apply', `${name}.json`);
  expect(applied).toMatchObject({ code: 0, stdout: expect.stringMatching(/2 unchanged, 2 created\n/) });
  expect(applied.stdout).toContain(`    ${mapping}: still handles the records of ${name}\n    function ${name}-old\n`);
  expect(applied.stdout).toContain(`ready-hooks: to delete mappings and functions: ${command}\n`);
  // Both read the stream.
  await putTogether(endpoint(), name, ['both']);
  await vi.waitFor(async () => expect((await handled(endpoint(), name)).get('both')).toBe(2), 20_000);

  const status = await run('status', `${name}.json`);
  expect(status).toMatchObject({ code: 1, stdout: expect.stringContaining(`  ${mapping}: left over (no longer`) });
  expect(status.stdout).toMatch(/FAILED\n$/);
  const waited = await run('status', `${name}.json`, '--wait', '--timeout', '60');
  expect(waited).toMatchObject({ code: 1, stderr: expect.stringContaining(`To delete what is left over: ${command}`) });
  expect(waited.stderr).not.toContain('Gave up');
  const doctor = await run('doctor', `${name}.json`);
  expect(doctor).toMatchObject({ code: 1, stdout: expect.stringContaining(`RH121 ${mapping}: `) });
  expect(doctor.stdout).toContain(`RH207 (warning) function ${name}-old: `);
  expect(doctor.stdout).toContain(`fix:  run ${command}\n`);

  const pasted = await paste(command);
  expect(pasted.stdout).toMatch(
    /2 resources no longer declared, on LocalStack.*no longer declared are deleted.* 2 deleted\n$/s,
  );
  expect(pasted.code).toBe(0);
  expect([await exists(`${name}-old`), await mappingsOf()]).toEqual([false, [`${name}-new`]]);
  expect(await timesHandled('once')).toBe(1);
  expect((await run('status', `${name}.json`)).code).toBe(0);
  expect((await run('apply', `${name}.json`, '--prune')).stdout).toMatch(/all 4 resources unchanged\n$/);
});

test('streams and buckets stay until --prune-data, and destroy deletes what is left over', async () => {
  const { define, run } = project(folderWith(), endpoint());
  const [stream, bucket] = [`${name}-stream`, `${name}-bucket`];
  const before = withReaders('old');
  define(name, {
    ...before,
    buckets: { ...before.buckets, [bucket]: {} },
    streams: { ...before.streams, [stream]: {} },
    eventSourceMappings: [...before.eventSourceMappings, latest(stream, `${name}-old`)],
  });
  await run('apply', `${name}.json`);
  await putTogether(endpoint(), stream, ['kept']);
  await fetch(`${endpoint()}/${bucket}/object`, { method: 'PUT', body: 'text' });
  define(name, withReaders('new'));
  const pruned = await run('apply', `${name}.json`, '--prune');
  expect(pruned.stdout).toMatch(
    /3 deleted\n.*made these resources.*:\n {4}stream .*\n {4}bucket .*\nready-hooks: to delete streams/,
  );
  expect(pruned.stdout).toContain(`${name}.json --prune-data\n`);
  expect((await run('status', `${name}.json`)).code).toBe(0);
  const doctor = await run('doctor', `${name}.json`);
  expect(doctor).toMatchObject({ code: 0, stdout: expect.stringContaining(`RH207 (warning) bucket ${bucket}`) });
  expect(await bucketsNamed(endpoint(), bucket)).toEqual([bucket]);

  const json = await run('apply', `${name}.json`, '--json');
  expect(JSON.parse(json.stdout.trim().split('\n').at(-2) ?? '')).toMatchObject({
    type: 'left-over',
    pipeline: name,
    resources: [{ step: `stream ${stream}` }, { step: `bucket ${bucket}` }],
    commands: { data: `npx ready-hooks apply ${name}.json --prune-data` },
  });
  expect((await run('destroy', `${name}.json`)).stderr).toContain(
    `Bucket ${bucket} is not empty, so nothing was deleted`,
  );
  expect((await run('apply', `${name}.json`, '--prune-data')).stdout).toMatch(/2 deleted\n$/);
  expect(await bucketsNamed(endpoint(), bucket)).toEqual([]);
  expect((await aws.call('ListStreams', {})).StreamNames).not.toContain(stream);

  define(name, { buckets: { [name]: {} } });
  expect((await run('destroy', `${name}.json`, '--empty-buckets')).stdout).toMatch(/4 deleted\n$/);
  expect([await exists(`${name}-new`), await mappingsOf()]).toEqual([false, []]);
});

test('what another pipeline or a person made stays, and so does what it uses', async () => {
  const { define, run } = project(folderWith(), endpoint());
  const other = `${name}z`;
  define(name, withReaders('a', 'shared', 'used'));
  define(other, {
    buckets: { [name]: { existing: true } },
    streams: { [name]: { existing: true } },
    functions: { [`${name}-b`]: recording(name), [`${name}-shared`]: { existing: true } },
    eventSourceMappings: [latest(name, `${name}-b`)],
  });
  expect((await run('apply', `${name}.json`, `${other}.json`)).stderr).toBe('');
  // By hand: a function with its mapping, and a mapping from another stream to a function of the pipeline.
  const StreamName = `${name}-hand`;
  await aws.call('CreateStream', { StreamName, ShardCount: 1 });
  await createRecorder(aws, StreamName);
  const arn = (stream: string) => `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;
  await vi.waitFor(() => aws.call('DescribeStreamSummary', { StreamName }));
  for (const [stream, FunctionName] of [
    [name, StreamName],
    [StreamName, `${name}-used`],
  ] as const)
    await vi.waitFor(() =>
      aws.call('CreateEventSourceMapping', {
        EventSourceArn: arn(stream),
        FunctionName,
        StartingPosition: 'TRIM_HORIZON',
      }),
    );

  define(name, withReaders('a'));
  // Both together: the function that the other pipeline declares as existing is not left over.
  expect((await run('plan', `${name}.json`, `${other}.json`, '--endpoint', endpoint())).stdout).not.toContain(
    `warning: function ${name}-shared`,
  );
  const pruned = await run('apply', `${name}.json`, `${other}.json`, '--prune');
  expect(pruned).toMatchObject({ code: 0, stdout: expect.stringMatching(/2 deleted\n/) });
  expect(pruned.stdout).toMatch(
    new RegExp(
      `    function ${name}-used: stays, because event source mapping ${StreamName} → ${name}-used \\(.*\\) uses it\n$`,
    ),
  );
  expect(await mappingsOf()).toEqual([`${name}-a`, `${name}-b`, StreamName]);
  expect(await mappingsOf(arn(StreamName))).toEqual([`${name}-used`]);
  for (const fn of ['a', 'b', 'shared', 'used', 'hand'])
    expect([fn, await exists(`${name}-${fn}`)]).toEqual([fn, true]);
  expect((await run('status', `${name}.json`, `${other}.json`)).code).toBe(0);
});

test('a function that moves to another file, and a renamed file, stay as they are, with the new owner', async () => {
  const { define, run } = project(folderWith(), endpoint());
  const [first, second, renamed] = [`${name}-1`, `${name}-2`, `${name}-3`];
  const all = withReaders('f');
  define(first, all);
  await run('apply', `${first}.json`);
  const uuid = async () =>
    (await aws.call('ListEventSourceMappings', { FunctionName: `${name}-f` })).EventSourceMappings?.[0]?.UUID;
  const before = await uuid();

  define(first, { buckets: all.buckets, streams: all.streams });
  define(second, { ...all, buckets: { [name]: { existing: true } }, streams: { [name]: { existing: true } } });
  const moved = await run('apply', `${first}.json`, `${second}.json`, '--prune');
  expect(moved.stdout).toMatch(/TagResource \(tags ready-hooks:pipeline\)/);
  expect(moved.stdout).not.toMatch(/no longer declare|CreateFunction|Delete/);
  expect(await uuid()).toBe(before);
  // Alone, the first one knows that it is not its own any more.
  expect((await run('apply', `${first}.json`, '--prune')).stdout).toMatch(/2 resources unchanged\n$/);

  define(renamed, all);
  const taken = await run('apply', `${renamed}.json`);
  expect(taken.stdout).toMatch(/4 updated\n$/);
  expect((await run('apply', `${renamed}.json`)).stdout).toMatch(/all 4 resources unchanged\n$/);
  define(renamed, { buckets: all.buckets, streams: all.streams });
  expect((await run('apply', `${renamed}.json`, '--prune')).stdout).toMatch(/2 deleted\n$/);
  expect(await exists(`${name}-f`)).toBe(false);
});

test('interrupted at any request, pruning is finished by a second one', async () => {
  const asked = await pruneUntil(0);
  const deletions = asked.flatMap((operation, index) => (operation.startsWith('Delete') ? index + 1 : []));
  expect(asked.filter((operation) => operation.startsWith('Delete'))).toEqual([
    'DeleteEventSourceMapping',
    'DeleteFunction',
  ]);
  for (const point of [1, ...deletions, ...deletions.map((each) => each + 1)]) await pruneUntil(point);
});

/** Renames a function and prunes, stopped after a request (0: after none) and then again; returns the requests of the first time. */
async function pruneUntil(request: number): Promise<string[]> {
  const own = uniqueName('prune-stopped');
  const sample = { ...samplePipeline(own), owner: own };
  const definition = (fn: string) => ({
    buckets: { [own]: {} },
    streams: { [own]: {} },
    functions: { [fn]: { ...recording(own), zip: `${folder}/recorder.zip` } },
    eventSourceMappings: [latest(own, fn)],
  });
  const folder = folderWith({ 'recorder.zip': recorder.zip });
  const options = { name: own, endpoint: endpoint() };
  await applyPipeline(definition(`${own}-old`), options);
  await applyPipeline(definition(own), options);
  const asked: string[] = [];
  const stop = new AbortController();
  const proxy = await faultProxy(endpoint(), async ({ operation, forward, pass }) => {
    if (stop.signal.aborted) return;
    asked.push(operation);
    if (asked.length !== request) return pass();
    await forward();
    stop.abort(new AbortedError('stopped'));
  });
  await prune(sample, { endpoint: proxy.endpoint, prune: 'functions', signal: stop.signal }).catch((error) => {
    if (!(error instanceof AbortedError)) throw error;
  });
  await proxy.close();
  const again = await prune(sample, { endpoint: endpoint(), prune: 'functions' });
  expect([request, again.ok, again.left]).toEqual([request, true, []]);
  expect([request, await exists(`${own}-old`)]).toEqual([request, false]);
  return asked;
}

test('from code: with a name, applyPipeline returns what is left over, and prune deletes it; without one, it knows nothing', async () => {
  const zip = `${folderWith({ 'recorder.zip': recorder.zip })}/recorder.zip`;
  const definition = (fn: string) => ({ functions: { [`${name}-${fn}`]: { zip, runtime: 'nodejs20.x' as const } } });
  const options = { endpoint: endpoint(), name };
  await applyPipeline(definition('unnamed'), { endpoint: endpoint() });
  expect((await applyPipeline(definition('old'), options)).leftOver).toEqual([]);
  expect(await planPipeline(definition('new'), options)).toMatchObject([
    { step: `function ${name}-new`, preview: { change: 'create' } },
    { step: `function ${name}-old`, needs: [], preview: { change: 'left over', leftOver: {} } },
  ]);
  const left = { step: `function ${name}-old`, kind: 'function', ref: { name: `${name}-old` } };
  expect((await applyPipeline(definition('new'), options)).leftOver).toEqual([left]);
  expect((await applyPipeline(definition('new'), { ...options, prune: true })).leftOver).toEqual([]);
  expect([await exists(`${name}-old`), await exists(`${name}-unnamed`)]).toEqual([false, true]);
  expect((await applyPipeline(definition('other'), { endpoint: endpoint() })).leftOver).toEqual([]);
});

test('a hook checks nothing on its first start, names what is left over on a later one, and deletes it with READY_HOOKS_PRUNE=1', async () => {
  const hooks = await hookFolder();
  onTestFinished(() => rm(hooks.folder, { recursive: true }));
  const version = (fn: string) => {
    const pipeline = parsePipeline(withReaders(fn), name);
    return { name, pipeline, codes: new Map([[fn, recorder]]) };
  };
  await hooks.add(version('old'));
  const first = await runHook(endpoint(), hooks.folder, name);
  expect(first.said).toMatch(/4 created\n$/);
  expect(first.operations).toContain('AddTagsToStream');
  expect(first.operations).not.toContain('ListFunctions');

  await hooks.add(version('new'));
  const script = join(hooks.folder, `${name}.sh`);
  await writeFile(script, launcher(name));
  const command = `READY_HOOKS_PRUNE=1 sh ${script}`;
  const { end, said } = await runHook(endpoint(), hooks.folder, name);
  expect(end).toBe('code 0');
  expect(said).toContain(`    event source mapping ${name} → ${name}-old: still handles the records of ${name}\n`);
  expect(said).toContain(`ready-hooks: to delete mappings and functions: ${command}\n`);
  expect(await exists(`${name}-old`)).toBe(true);

  const pasted = await project(folderWith(), endpoint()).paste(command);
  expect(pasted.stdout).toMatch(/all 4 resources unchanged\n.*2 deleted\n$/s);
  expect(await mappingsOf()).toEqual([`${name}-new`]);
});

test('dev deletes a renamed function and its mapping, and says so', async () => {
  const folder = folderWith();
  const { define } = project(folder, endpoint());
  define(name, withReaders('old'));
  const { said, ended, stop } = startCli(['dev', `${name}.json`, '--endpoint', endpoint()], { cwd: folder });
  const printed = (text: string | RegExp) =>
    expect.poll(() => said.stdout + said.stderr, { timeout: 40_000 }).toMatch(text);
  try {
    await printed(/is ready in .* 4 created/);
    define(name, withReaders('new'));
    await printed(`${name}: 2 resources no longer declared, on `);
    await printed(`event source mapping ${name} → ${name}-old: deleted`);
    await printed(/no longer declared are deleted in .* 2 deleted/);
  } finally {
    stop();
  }
  expect(await ended).toBe(130);
  expect(said.stdout + said.stderr).not.toMatch(/warning|problem|FAILED/);
  expect([await exists(`${name}-old`), await mappingsOf()]).toEqual([false, [`${name}-new`]]);
  expect(await timesHandled('once')).toBe(1);
});
