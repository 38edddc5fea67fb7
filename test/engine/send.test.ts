import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { destroy } from '../../src/runtime/apply/apply.ts';
import { objectsIn } from '../support/bucket.ts';
import { cli, cliCommand } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { applied, uniqueName } from '../support/pipelines.ts';
import { handled } from '../support/recorder.ts';

let folder: string;
let sample: Awaited<ReturnType<typeof applied>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-send-'));
  sample = await applied(endpoint(), 'send');
});
afterAll(async () => {
  await destroy(sample, { endpoint: endpoint(), emptyBuckets: true });
  await rm(folder, { recursive: true, force: true });
});

const send = (...args: string[]) => cli(['send', ...args, '--endpoint', endpoint()], { cwd: folder });

test('every line of a file reaches the function', async () => {
  const ids = Array.from({ length: 620 }, (_, index) => String(1000 + index));
  await writeFile(join(folder, 'events.jsonl'), ids.join('\n'));
  const { code, stdout, stderr } = await send(sample.name, 'events.jsonl');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`sent 620 records to ${sample.name} in`));
  const kept = async () => [...(await handled(endpoint(), sample.name)).keys()].sort();
  await expect.poll(kept, { timeout: 30_000, interval: 300 }).toEqual(ids);
});

test('sends stdin too, and raw lines unchanged', async () => {
  const line = 'plain-text';
  const code = await new Promise((done) => {
    const args = ['send', sample.name, '--raw', '--endpoint', endpoint()];
    const shell = spawn('sh', ['-c', `echo ${line} | "$@"`, 'sh', ...cliCommand(args)], { stdio: 'ignore' });
    shell.once('close', done);
  });
  expect(code).toBe(0);
  const kept = async () => [...(await objectsIn(endpoint(), sample.name)).keys()].some((key) => key.startsWith(line));
  await expect.poll(kept, { timeout: 20_000, interval: 200 }).toBe(true);
});

test('sends nothing from a file with an invalid line, or to a mistyped stream', async () => {
  await writeFile(join(folder, 'bad.jsonl'), '{"id":1}\n{"id":\n');
  const bad = await send(sample.name, 'bad.jsonl');
  expect(bad).toMatchObject({ code: 1, stdout: '' });
  expect(bad.stderr).toMatch(/^ready-hooks: Line 2 of bad\.jsonl is not valid JSON/);
  await writeFile(join(folder, 'good.jsonl'), '{"id":1}\n');
  const mistyped = await send(`${sample.name}x`, 'good.jsonl');
  expect(mistyped.code).toBe(1);
  expect(mistyped.stderr).toContain(`did you mean '${sample.name}'?`);
});

test('send and tail search the region that init/ declares', async () => {
  const name = uniqueName('send-region');
  await mkdir(join(folder, 'init'));
  await writeFile(join(folder, 'init/10-far.json'), JSON.stringify({ region: 'eu-west-1', streams: { [name]: {} } }));
  await writeFile(join(folder, 'init/20-broken.json'), '{');
  await writeFile(join(folder, 'one.jsonl'), '{"id":1}\n');
  const missing = await send(name, 'one.jsonl');
  expect(missing.stderr).toContain(`Stream '${name}' not found in eu-west-1 at ${endpoint()}`);
  const tail = await cli(['tail', name, '--endpoint', endpoint()], { cwd: folder });
  expect(tail.stderr).toContain(`No bucket, function or stream '${name}' found in eu-west-1 at ${endpoint()}`);

  const { code, stderr } = await cli(['apply', 'init/10-far.json', '--endpoint', endpoint()], { cwd: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(await send(name, 'one.jsonl')).toMatchObject({ code: 0, stderr: '' });
  await cli(['destroy', 'init/10-far.json', '--endpoint', endpoint()], { cwd: folder });
});
