import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../../support/folder.ts';
import { runtimeBundle } from '../../support/runtime-bundle.ts';

test('the runtime starts, and reports a folder without a pipeline in one line', async () => {
  const folder = folderWith();
  writeFileSync(join(folder, 'ready-hooks.mjs'), (await runtimeBundle()).bytes);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['ready-hooks.mjs', './10-a'], {
    cwd: folder,
    env: {},
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stdout + stderr).toContain('pipeline.json (ENOENT)');
  expect(`${stdout}${stderr}`.trimEnd().split('\n')).toHaveLength(1);
});
