import { truncateSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { namedSources, ownSources } from '../../../../src/features/dev/sources.ts';
import { parsePipeline } from '../../../../src/runtime/definition/check.ts';
import { folderWith } from '../../../support/folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'ready-hooks-sources-')));
  await mkdir(join(folder, 'zipped'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The watched files of a definition whose only function is `handler.mjs`, relative to its folder. */
async function watched(files: Record<string, string>, code: object = { entry: join(folder, 'handler.mjs') }) {
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  const pipeline = parsePipeline({ functions: { f: code } }, 'test');
  const sources = await namedSources({ pipeline });
  return relative(sources);
}
const relative = (paths: string[]) => paths.map((path) => path.slice(folder.length + 1)).sort();

test('the sources of a function include its direct and indirect imports, but no packages', async () => {
  const sources = await watched({
    'handler.mjs': "import './one.mjs'; import 'node:fs'; import 'some-package';",
    'one.mjs': "import './two.mjs';",
    'two.mjs': '',
    'other.mjs': '',
  });
  expect(sources).toEqual(['handler.mjs', 'one.mjs', 'two.mjs']);
});

test('an import that does not compile is watched, so that its fix is noticed', async () => {
  const sources = await watched({ 'handler.mjs': "import './one.mjs';", 'one.mjs': 'export const one = ;' });
  expect(sources).toEqual(['handler.mjs', 'one.mjs']);
});

test('a missing import is watched under every possible name', async () => {
  const sources = await watched({ 'handler.mjs': "import './later';" });
  expect(sources).toEqual(expect.arrayContaining(['handler.mjs', 'later.ts', 'later.mjs', 'later.js']));
});

test('a function directory is watched', async () => {
  expect(await watched({}, { directory: join(folder, 'zipped') })).toEqual(['zipped']);
});

test('seeds are watched', async () => {
  const buckets = { b00: { seed: { directory: join(folder, 'objects') } } };
  const streams = { s: { seed: { file: join(folder, 'records.jsonl') } } };
  const sources = await namedSources({ pipeline: parsePipeline({ buckets, streams }, 'test') });
  expect(relative(sources)).toEqual(['objects', 'records.jsonl']);
});

test('the sources of a definition include imports that do not compile', async () => {
  await writeFile(join(folder, '10-d.ts'), "import { n } from './names.ts'; export default { n };");
  await writeFile(join(folder, 'names.ts'), 'export const n = ;');
  expect(relative(await ownSources(join(folder, '10-d.ts')))).toEqual(['10-d.ts', 'names.ts']);
  expect(relative(await ownSources(join(folder, '10-d.json')))).toEqual(['10-d.json']);
});

test('a file of 3 GB is not searched for imports', async () => {
  const file = join(folderWith({ 'a.ts': '' }), 'a.ts');
  truncateSync(file, 3 * 2 ** 30);
  expect(await ownSources(file)).toEqual([file]);
}, 2_000);
