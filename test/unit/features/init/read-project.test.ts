import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readProject } from '../../../../src/features/init/read-project.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-project-'));
});
afterEach(() => rm(folder, { recursive: true }));

// The command passes the folder as ".".
test('an installed package resolves from a folder with a relative path', async () => {
  await mkdir(join(folder, 'node_modules/installed'), { recursive: true });
  await writeFile(join(folder, 'node_modules/installed/index.js'), '');
  const { resolves } = await readProject(relative(process.cwd(), folder));
  expect([resolves('installed'), resolves('not-installed')]).toEqual([true, false]);
});
