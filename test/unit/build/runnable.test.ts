import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadResolved, loadRunnable } from '../../../src/build/load/runnable.ts';
import { build } from '../../../src/build/ready-d/build.ts';
import { parsePipeline } from '../../../src/runtime/definition/check.ts';
import { makeRunnable } from '../../../src/runtime/stages.ts';
import { folderWith, rejection } from '../../support/folder.ts';

const MISSING = /^InvalidInputError: Environment: functions\.f\.description needs NAME_OF_F, which is not set/;

test('a variable that is not set is reported before files are read, by the hook and by the library', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder
  const definition = { functions: { f: { zip: 'missing.zip', description: '${NAME_OF_F}' } } };
  const file = join(folderWith({ 'a.json': JSON.stringify(definition) }), 'a.json');
  const hook = { name: 'a', file, pipeline: parsePipeline(definition, file) };
  expect(await rejection(makeRunnable(hook, {}))).toMatch(MISSING);
  expect(await rejection(loadRunnable(file, { env: {} }))).toMatch(MISSING);
  const env = { NAME_OF_F: 'f' };
  expect(await rejection(makeRunnable(hook, env))).toMatch(/takes its code from .*missing\.zip, which does not exist/);
  expect(await rejection(loadRunnable(file, { env }))).toMatch(/takes its code from .*missing\.zip, which is missing/);
});

test('a path that cannot be read is not called missing', async () => {
  const definition = { functions: { f: { zip: `${'x'.repeat(300)}.zip` } } };
  const file = join(folderWith({ 'a.json': JSON.stringify(definition) }), 'a.json');
  expect(await rejection(loadRunnable(file))).toMatch(/^FileError: .*ENAMETOOLONG/);
});

test('the library loads the same contents as a built hook', async () => {
  const folder = folderWith({
    'f.ts': 'export const handler = () => 1;',
    'd/index.mjs': 'export const handler = () => 2;',
    'objects/b.txt': 'b',
    'objects/a/a.txt': 'a',
    'records.jsonl': '{"id":1}\n',
    '10-a.json': JSON.stringify({
      buckets: { 'a-bucket': { seed: { directory: 'objects' } } },
      streams: { s: { seed: { file: 'records.jsonl' } } },
      functions: { f: { entry: 'f.ts' }, d: { directory: 'd' } },
    }),
  });
  const file = join(folder, '10-a.json');
  await build({ definitions: [file], outDir: join(folder, 'ready.d') });
  const built = join(folder, 'ready.d/10-a/pipeline.json');
  const [library, hook] = [await loadRunnable(file), await loadRunnable(built)];
  const digests = ({ codes, records, objects }: typeof hook) =>
    [codes, records, objects].map((all) => [...(all ?? [])].map(([name, { sha256 }]) => [name, sha256]));
  expect(digests(library)).toEqual(digests(hook));
  expect(digests(hook).map((all) => all.length)).toEqual([2, 1, 1]);
});

test('the project’s path is not searched for placeholders', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a folder
  const folder = join(folderWith(), '${not-a-variable} ${NOR_THIS}');
  mkdirSync(folder);
  writeFileSync(join(folder, 'f.ts'), 'export const handler = () => 1;');
  writeFileSync(join(folder, 'a.json'), '{ "functions": { "f": { "entry": "f.ts" } } }');
  expect([...(await loadRunnable(join(folder, 'a.json'))).codes.keys()]).toEqual(['f']);
  expect((await loadResolved(join(folder, 'a.json'))).pipeline.functions['f']).toMatchObject({
    entry: join(folder, 'f.ts'),
  });
});
