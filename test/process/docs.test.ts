import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../support/folder.ts';
import { said } from '../support/python-tools.ts';
import { writeSnippets } from '../support/snippets.ts';

const REPO = join(import.meta.dirname, '../..');
const OPTIONS = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node', '--skipLibCheck'];
const SOURCES = ['--customConditions', 'ready-hooks-source', '--allowImportingTsExtensions', '--noEmit'];

test('the TypeScript files of docs/recipes.md compile in a project with this package', async () => {
  const project = folderWith({ 'package.json': '{ "type": "module" }' });
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(REPO, join(project, 'node_modules/localstack-ready-hooks'));
  symlinkSync(join(REPO, 'node_modules/@types'), join(project, 'node_modules/@types'));
  const files = await writeSnippets('recipes.md', project);
  expect(files.length).toBeGreaterThan(5);
  const tsc = join(REPO, 'node_modules/.bin/tsc');
  expect(await said(tsc, [...OPTIONS, ...SOURCES, ...files], { cwd: project })).toEqual({ code: 0, said: '' });
});
