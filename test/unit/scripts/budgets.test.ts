import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import budget from '../../../scripts/bench/budget.json' with { type: 'json' };
import { type Contents, contentsOf, overBudget } from '../../../scripts/bench/bytes.ts';
import { bundleRuntime, runtimeBundle } from '../../../src/build/ready-d/runtime.ts';
import { folderWith } from '../../support/folder.ts';

describe('the runtime’s budget', () => {
  test('is kept: bytes, modules, and imports of Node.js', async () => {
    const { metafile } = await runtimeBundle();
    expect(overBudget(contentsOf(metafile), budget)).toBe('');
  });
});

describe('a bundle over the budget', () => {
  const within: Contents = { bytes: 100, parts: { valibot: 60, 'runtime/apply': 40 }, modules: 2, builtins: ['http'] };
  test.each<[string, Partial<Contents>, string]>([
    ['nothing', {}, ''],
    ['less than allowed', { bytes: 90, modules: 1, builtins: [] }, ''],
    [
      'bytes, with the parts that grew',
      { bytes: 130, parts: { valibot: 61, zod: 25, 'runtime/apply': 44 } },
      'The runtime is over its budget: 30 bytes over 100; grown most: zod +25, runtime/apply +4, valibot +1.',
    ],
    [
      'a Node module',
      { builtins: ['http', 'worker_threads'] },
      'The runtime is over its budget: node:worker_threads is new at start; grown most: nothing.',
    ],
    ['modules', { modules: 4 }, 'The runtime is over its budget: 2 modules over 2; grown most: nothing.'],
  ])('%s', (_, change, expected) => {
    expect(overBudget({ ...within, ...change }, within)).toBe(expected);
  });

  test('names the package that a real bundle adds', async () => {
    const folder = folderWith();
    const entry = join(folder, 'more.ts');
    const hook = JSON.stringify(join(import.meta.dirname, '../../../src/runtime/hook.ts'));
    const commander = JSON.stringify(join(import.meta.dirname, '../../../node_modules/commander/esm.mjs'));
    writeFileSync(entry, `import ${hook};\nimport { Command } from ${commander};\nconsole.log(new Command());\n`);
    const { metafile } = await bundleRuntime(entry);
    const contents = contentsOf(metafile);
    expect(overBudget(contents, { ...budget, bytes: contents.bytes - 1 })).toMatch(/1 bytes over .*commander \+\d{4,}/);
  });
});
