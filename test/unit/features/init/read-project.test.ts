import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { readProject } from '../../../../src/features/init/read-project.ts';
import { folderWith } from '../../../support/folder.ts';

// The command passes the folder as ".".
test('an installed package resolves from a folder with a relative path', async () => {
  const folder = folderWith({ 'node_modules/installed/index.js': '' });
  const { resolves } = await readProject(relative(process.cwd(), folder));
  expect([resolves('installed'), resolves('not-installed')]).toEqual([true, false]);
});
