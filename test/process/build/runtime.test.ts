import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runtimeBundle } from '../../../src/build/ready-d/runtime.ts';
import { folderWith } from '../../support/folder.ts';

test('the runtime starts, and reports a folder without a pipeline in one line', async () => {
  const { status, said } = await runtime();
  expect(status).toBe(1);
  expect(said).toContain('pipeline.json (ENOENT)');
  expect(said.trimEnd().split('\n')).toHaveLength(1);
});

test('the runtime says in one line that Node.js is too old, before it reads anything', async () => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '16.20.2' } });
    Object.defineProperty(process, 'version', { value: 'v16.20.2' });`;
  const { status, said } = await runtime('--require', join(folderWith({ 'older.cjs': older }), 'older.cjs'));
  expect({ status, said }).toEqual({
    status: 1,
    said: '10-a: this hook needs Node.js 18 or newer, but found v16.20.2.\n',
  });
});

test('the runtime fails if nothing is left to wait for before it is done', async () => {
  const stuck = `require('node:fs/promises').stat = require('node:fs/promises').readFile = () => new Promise(() => {});`;
  const { status, said } = await runtime('--require', join(folderWith({ 'stuck.cjs': stuck }), 'stuck.cjs'));
  expect(status).toBe(1);
  expect(said).toContain('the hook stopped before it was done');
});

/** Runs the runtime for a folder that does not exist. */
async function runtime(...options: string[]) {
  const cwd = folderWith();
  writeFileSync(join(cwd, 'ready-hooks.cjs'), (await runtimeBundle()).bytes);
  const args = [...options, 'ready-hooks.cjs', './10-a'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env: {}, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}
