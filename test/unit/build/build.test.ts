import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build } from '../../../src/build/ready-d/build.ts';
import { folderWith, rejection } from '../../support/folder.ts';

const definition = (bucket: string) => `import { definePipeline } from 'localstack-ready-hooks';
export default definePipeline({
  buckets: { '${bucket}': {} },
  functions: { fn: { entry: './functions/f.ts', buckets: { BUCKET: '${bucket}' } } },
});`;

test('turns definitions into ready.d, the same each time', async () => {
  const folder = folderWith({
    '20-b.json': '{ "streams": { "s": {} } }',
    '10-a.ts': definition('a-bucket'),
    'functions/f.ts': 'export const handler = () => 1;',
  });
  const outDir = join(folder, 'ready.d');
  const definitions = [join(folder, '20-b.json'), join(folder, '10-a.ts')];
  const lines: string[] = [];
  const first = await build({ definitions, outDir, onProgress: (line) => lines.push(line) });
  expect(first).toMatchObject({ hooks: ['10-a', '20-b'], warnings: [], summary: '2 hooks, files: 6 written' });
  expect(lines.map((line) => line.replace(/\d+ KB/, 'N KB'))).toContain('wrote ready-hooks.cjs (N KB)');
  expect(readdirSync(outDir).sort()).toEqual([
    '.ready-hooks.json',
    '10-a',
    '10-a.sh',
    '20-b',
    '20-b.sh',
    'ready-hooks.cjs',
  ]);
  const pipeline = JSON.parse(readFileSync(join(outDir, '10-a/pipeline.json'), 'utf8'));
  expect(pipeline.functions.fn).toMatchObject({ zip: 'fn.zip', handler: 'index.handler' });
  expect(JSON.stringify(pipeline)).not.toContain(folder);

  expect((await build({ definitions, outDir })).summary).toBe('2 hooks, files: 6 unchanged');
  expect((await build({ definitions: definitions.slice(1), outDir })).summary).toBe(
    '1 hook, files: 4 unchanged, 2 removed',
  );
});

test.each([
  ['a definition that throws', { '20-b.ts': 'throw new Error("no")' }, 'throws: no'],
  ['two definitions of one bucket', { '20-b.ts': definition('a-bucket') }, 'The bucket a-bucket is declared in both'],
  [
    'an entry that does not compile',
    {
      '20-b.ts': definition('b-bucket').replace('f.ts', 'g.ts').replace('fn:', 'gn:'),
      'functions/g.ts': 'export const handler = (',
    },
    'does not compile',
  ],
])('writes nothing with %s', async (_, files, message) => {
  const folder = folderWith({
    '10-a.ts': definition('a-bucket'),
    'functions/f.ts': 'export const handler = () => 1;',
    ...files,
  });
  const outDir = join(folder, 'ready.d');
  expect(await rejection(build({ definitions: [join(folder, '10-a.ts'), join(folder, '20-b.ts')], outDir }))).toContain(
    message,
  );
  expect(existsSync(outDir)).toBe(false);
});
