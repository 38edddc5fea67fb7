import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import budget from '../../../scripts/bench/budget.json' with { type: 'json' };
import { runtimeBundle } from '../../../src/build/ready-d/runtime.ts';
import { folderWith } from '../../support/folder.ts';

/** webcrypto, and with an AbortSignal, in Node.js 18 and 20, eight more: worker_threads and its dependencies. */
const MOST_MODULES_ON_TOP = 9;

/** Writes the names of the built-in modules that the process has loaded, when it exits. */
const LIST_MODULES = `process.on('exit', () => require('node:fs').writeFileSync(process.env.MODULES_FILE,
  JSON.stringify(process.moduleLoadList.filter((name) => name.startsWith('NativeModule ')))));`;

test('the runtime loads hardly more built-in modules than its imports do, until the hook reads its pipeline', async () => {
  const imports = budget.builtins.map((name) => `require('node:${name}');`);
  const folder = folderWith({ 'list.cjs': LIST_MODULES, 'imports.cjs': imports.join('\n') });
  writeFileSync(join(folder, 'hook.cjs'), (await runtimeBundle()).bytes);
  const hook = modulesOf(folder, 'hook.cjs');
  const alone = modulesOf(folder, 'imports.cjs');
  // The modules that an import loads differ between Node.js versions, so count only the additional ones.
  const more = hook.filter((name) => !alone.includes(name));
  expect(more.length, more.join(', ')).toBeLessThanOrEqual(MOST_MODULES_ON_TOP);
  expect(hook).toContain('NativeModule http');
});

test('the runtime does not load fetch, which import does with node:http since Node.js 22', async () => {
  const { metafile, bytes } = await runtimeBundle();
  const kinds = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ kind }) => kind));
  expect(new Set(kinds)).toEqual(new Set(['require-call']));
  const folder = folderWith({ 'list.cjs': LIST_MODULES });
  writeFileSync(join(folder, 'hook.cjs'), bytes);
  expect(modulesOf(folder, 'hook.cjs').filter((name) => name.includes('undici'))).toEqual([]);
});

test('the command line loads neither SDK nor fflate before a command needs them', async () => {
  const { metafile } = await build({
    entryPoints: [join(import.meta.dirname, '../../../src/cli/main.ts')],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outdir: 'unused',
    write: false,
    metafile: true,
  });
  const atStart = (output: string, seen: string[] = []): string[] =>
    seen.includes(output)
      ? []
      : (metafile.outputs[output]?.imports ?? [])
          .filter(({ kind }) => kind === 'import-statement')
          .flatMap(({ path, external }) => (external ? path : atStart(path, [...seen, output])));
  const entry = Object.keys(metafile.outputs).find((output) => output.endsWith('main.js')) ?? '';
  const packages = new Set(atStart(entry).filter((path) => !path.startsWith('node:')));
  expect([...packages].sort()).toEqual(['commander', 'esbuild', 'p-limit', 'valibot']);
});

function modulesOf(folder: string, file: string): string[] {
  const listed = join(folder, `${file}.json`);
  const { error } = spawnSync(process.execPath, ['--require', './list.cjs', file, './10-none'], {
    cwd: folder,
    env: { MODULES_FILE: listed },
  });
  if (error) throw error;
  return JSON.parse(readFileSync(listed, 'utf8'));
}
