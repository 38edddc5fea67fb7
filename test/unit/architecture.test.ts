import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { transformSync } from 'esbuild';
import { expect, test } from 'vitest';
import { runtimeBundle } from '../../src/build/ready-d/runtime.ts';

const ROOT = join(import.meta.dirname, '../..');
const SRC = join(ROOT, 'src');
const RUNTIME = join(SRC, 'runtime');

test('the runtime bundle is made of exactly the files of src/runtime, and packages', async () => {
  const { metafile } = await runtimeBundle();
  const ours = Object.keys(metafile.inputs)
    .filter((file) => !file.includes('node_modules/') && !/^[\w-]+:/.test(file))
    .map((file) => resolve(RUNTIME, file));
  expect(ours.map((file) => relative(RUNTIME, file)).sort()).toEqual(filesIn(RUNTIME).filter(hasCode).sort());
});

/** What the folders of src may not import, types included; that runtime/ imports only itself is the linter's to say. */
test.each<[folder: string, forbidden: string[]]>([
  ['runtime/definition', ['apply', 'contents', 'engine', 'report', 'resources']],
  ['runtime/contents', ['apply', 'engine', 'report', 'resources']],
  ['runtime/engine', ['apply', 'contents', 'report', 'resources']],
  ['runtime/resources', ['apply', 'report']],
  ['runtime/report', ['apply', 'contents', 'engine', 'resources']],
  ['build', ['cli', 'features', 'local', 'cloudformation']],
  ['local', ['cli', 'features', 'build', 'cloudformation']],
  ['features', ['cli']],
  ['cloudformation', ['cli', 'features', 'local']],
])('%s imports nothing of %j', (folder, forbidden) => {
  const base = folder.startsWith('runtime/') ? RUNTIME : SRC;
  const imported = filesIn(join(SRC, folder)).flatMap((file) =>
    importsOf(join(SRC, folder, file)).map((target) => `${file} imports ${relative(base, target)}`),
  );
  const wrong = imported.filter((line) => forbidden.some((each) => line.includes(`imports ${each}/`)));
  expect(wrong).toEqual([]);
});

test('only runtime/file-system.ts calls functions of node:fs that can throw', () => {
  const harmless = /^(existsSync|constants|createReadStream|closeSync|type \w+)$/;
  const wrong = filesIn(SRC).flatMap((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    const imports = [...text.matchAll(/^import (type )?\{? ?(.*?) ?\}? from 'node:fs(\/promises)?';$/gm)];
    const names = imports.flatMap(([, type, all = '']) => (type ? [] : all.split(', ')));
    return names.filter((name) => !harmless.test(name)).map((name) => `${file} imports ${name}`);
  });
  expect(wrong.filter((line) => !line.startsWith('runtime/file-system.ts '))).toEqual([]);
});

test('scripts and tests share only test/support; a test of a script is in a folder named scripts', () => {
  const of = (folder: string) => filesIn(join(ROOT, folder)).map((file) => join(ROOT, folder, file));
  const between = [...of('scripts'), ...of('test')].flatMap((file) =>
    importsOf(file).map((target) => `${relative(ROOT, file)} imports ${relative(ROOT, target)}`),
  );
  const forbidden = [
    /^scripts\/\S+ imports test\/(?!support\/)/,
    /^test\/support\/\S+ imports (scripts|test\/(?!support\/))/,
    /^test\/(?!\w+\/scripts\/)\S+ imports scripts\//,
  ];
  expect(between.filter((line) => forbidden.some((pattern) => pattern.test(line)))).toEqual([]);
});

test('a unit test cannot start a process', () => {
  expect(() => spawn('true')).toThrow('A unit test starts true: tests that start processes belong in test/process.');
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
}

/** Whether anything is left of a file of the runtime without its types. */
function hasCode(file: string): boolean {
  const { code } = transformSync(readFileSync(join(RUNTIME, file), 'utf8'), { loader: 'ts' });
  return code.replace(/^import "[^"]+";$/gm, '').trim() !== '';
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, path = '']) => resolve(file, '..', path));
}
