import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lookAtProject } from '../../../../src/features/init/read-project.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-look-'));
});
afterEach(() => rm(folder, { recursive: true }));

// The command gives the folder as ".".
test('a package that is installed resolves, from a folder by its relative path too', async () => {
  await mkdir(join(folder, 'node_modules/installed'), { recursive: true });
  await writeFile(join(folder, 'node_modules/installed/index.js'), '');
  const { resolves } = await lookAtProject(relative(process.cwd(), folder));
  expect([resolves('installed'), resolves('not-installed')]).toEqual([true, false]);
});
