import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { down, type LocalEngine, up } from '../../src/local/index.ts';
import { cli } from '../support/cli.ts';
import { folderWith } from '../support/folder.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'ready-hooks-late-'));
const FOLDER = { 'init/10-late.json': '{ "buckets": { "late": {} } }' };
let engine: LocalEngine;
let upAgain: (hooks: string, cwd?: string) => ReturnType<typeof cli>;
beforeAll(async () => {
  engine = await up({ port: 0, dataDir });
  upAgain = (hooks, cwd) =>
    cli(['up', '--engine', 'localstack', '--port', String(engine.port), '--hooks', hooks], cwd ? { cwd } : {});
});
afterAll(async () => {
  await down({ dataDir });
  rmSync(dataDir, { recursive: true, force: true });
});

test('up --hooks runs the hooks on an engine that runs without them, once, and the doctor finds nothing that blocks', async () => {
  const cwd = folderWith(FOLDER);
  expect(await cli(['build'], { cwd })).toMatchObject({ code: 0 });
  const first = await upAgain('init/ready.d', cwd);
  expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('is already up at') });
  expect(first.stderr).toMatch(/^ready-hooks: 10-late is ready in .*: 1 created$/m);
  expect(readFileSync(engine.logFile, 'utf8')).toContain('10-late is ready');

  const again = await upAgain('init/ready.d', cwd);
  expect(again.code).toBe(0);
  expect(again.stderr).not.toContain('10-late is ready');

  const doctor = await cli(['doctor', '--endpoint', engine.endpoint, '--hooks', 'init/ready.d'], { cwd });
  expect(doctor).toMatchObject({ code: 0, stdout: expect.stringContaining('RH309 (warning) hook 10-late.sh') });
});

test('a hook that fails is reported, after the hooks behind it have run', async () => {
  const hooks = folderWith({ '10-bad.sh': '#!/bin/sh\nexit 3\n', '20-good.sh': '#!/bin/sh\necho "good ran"\n' });
  for (const name of ['10-bad.sh', '20-good.sh']) chmodSync(join(hooks, name), 0o755);
  const { code, stderr } = await upAgain(hooks);
  expect(stderr).toContain('The hook 10-bad.sh failed (exit code 3); see the last lines of ');
  expect(code).toBe(1);
  expect(readFileSync(engine.logFile, 'utf8')).toContain('good ran');
});

test('hooks that failed at the start are an error again', async () => {
  const hooks = folderWith({ '10-bad.sh': '#!/bin/sh\nexit 3\n' });
  chmodSync(join(hooks, '10-bad.sh'), 0o755);
  const own = mkdtempSync(join(tmpdir(), 'ready-hooks-late-'));
  const { port } = await up({ port: 0, dataDir: own, hooksDir: hooks });
  const again = () => cli(['up', '--engine', 'localstack', '--port', String(port), '--hooks', hooks]);
  try {
    const { code, stderr } = await again();
    expect(stderr).toMatch(/The hook 10-bad\.sh failed; .* npx ready-hooks down --port/);
    expect(code).toBe(1);
  } finally {
    await down({ dataDir: own });
    rmSync(own, { recursive: true, force: true });
  }
});

test.each([
  ['without its exec bit', { '10-a.sh': '#!/bin/sh\n' }, 'The hook 10-a.sh failed (EACCES)'],
  [
    'in Python',
    { '10-a.py': 'pass\n' },
    '10-a.py can run only inside it, at its start: run npx ready-hooks down --port',
  ],
  ['that does not exist', { 'readme.md': '' }, 'contains no hook (.sh or .py)'],
])('a hook %s is an error', async (_, files, message) => {
  const { code, stderr } = await upAgain(folderWith(files));
  expect(stderr).toContain(message);
  expect(code).toBe(1);
});
