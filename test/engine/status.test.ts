import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyPipeline, definePipeline } from '../../src/index.ts';
import { pipelineStatus, waitForPipeline } from '../../src/library.ts';
import { down, type LocalEngine, up } from '../../src/local/index.ts';
import { cli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { uniqueName } from '../support/pipelines.ts';

// A separate LocalStack, because the test checks its hooks.
let folder: string;
let engine: LocalEngine;
const name = uniqueName('status');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-status-'));
  const hooksDir = join(folder, 'ready.d');
  await mkdir(hooksDir);
  await writeFile(join(hooksDir, '10-slow.sh'), '#!/bin/sh\nsleep 2\n');
  await chmod(join(hooksDir, '10-slow.sh'), 0o755);
  await writeFile(join(folder, 'orders.json'), JSON.stringify({ streams: { [name]: {} } }));
  engine = await up({ port: 0, dataDir: join(folder, 'data'), hooksDir });
});
afterAll(async () => {
  await down({ dataDir: engine.dataDir });
  await rm(folder, { recursive: true, force: true });
});

const definition = definePipeline({ streams: { [name]: {} } });

test('reports missing, then ready: the wait ends when hook and stream are ready', async () => {
  const options = { endpoint: engine.endpoint };
  const before = await pipelineStatus(definition, options);
  expect(before.pipelines[0]?.resources).toEqual([
    { resource: `stream ${name}`, kind: 'stream', ref: { name }, state: 'missing', detail: 'CreateStream (1 shard)' },
  ]);
  const waiting = waitForPipeline(definition, { ...options, timeoutMs: 20_000 });
  await applyPipeline(definition, options);
  const status = await waiting;
  expect(status).toMatchObject({
    state: 'ready',
    hooks: { state: 'ready', summary: '10-slow.sh SUCCESSFUL' },
  });
  const other = definePipeline({ streams: { [name]: { retentionPeriodHours: 48 } } });
  expect(await pipelineStatus(other, options)).toMatchObject({
    state: 'waiting',
    pipelines: [{ resources: [{ state: 'differs' }] }],
  });
});

test('the command prints the same as text and as JSON, with the exit code', async () => {
  const args = ['status', join(folder, 'orders.json'), '--endpoint', engine.endpoint];
  const ready = await cli([...args, '--wait', '--timeout', '20']);
  expect(ready.stdout).toMatch(/hook 10-slow\.sh: SUCCESSFUL\norders:\n {2}stream .*: ready\nready\n$/);
  expect(ready.code).toBe(0);
  const json = await cli([...args, '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({
    schemaVersion: 1,
    state: 'ready',
    engine: expect.stringMatching(/^LocalStack \d/),
  });
  const missing = join(folder, 'missing.json');
  await writeFile(missing, JSON.stringify({ streams: { nobody: {} } }));
  const open = await cli(['status', missing, '--endpoint', engine.endpoint]);
  expect(open.stdout).toMatch(/stream nobody: missing \(CreateStream .*\)\nNOT READY\n$/);
  expect(open.code).toBe(1);
  const nothing = await cli(['status', '--endpoint', endpoint()], { cwd: folder });
  expect(nothing.stderr).toMatch(/No status to show: .* in init\/, and LocalStack .* ran no hooks\. Name a def/);
  expect(nothing).toMatchObject({ code: 1, stdout: '' });
  const hooksAlone = await cli(['status', '--endpoint', engine.endpoint], { cwd: folder });
  expect(hooksAlone).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/hook 10-slow\.sh: SUCCESSFUL\nready\n$/),
  });
  const late = await cli(['status', missing, '--endpoint', engine.endpoint, '--wait', '--timeout', '1']);
  expect(late.stderr).toMatch(/Gave up after 1 s\..* stream nobody is missing/);
  expect(late.code).toBe(1);
});
