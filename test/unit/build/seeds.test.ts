import { expect, test } from 'vitest';
import { loadDefinition } from '../../../src/build/load/load.ts';
import { loadRunnable } from '../../../src/build/load/runnable.ts';
import { packPipeline } from '../../../src/build/pack/pack.ts';
import { makeRunnable } from '../../../src/runtime/stages.ts';
import { folderWith, rejection } from '../../support/folder.ts';

const files = {
  '10-a.json': JSON.stringify({
    buckets: { 'b.00': { seed: { directory: 'seed/objects' } } },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder
    streams: { s: { seed: { file: '${SEED_FOLDER:-seed}/s.jsonl', partitionKey: 'id' } }, S: {} },
  }),
  'seed/objects/x.json': '{}',
  'seed/s.jsonl': '{"id":1}\n',
};

test('seeds are packed beside pipeline.json, and read from there unchanged', async () => {
  const folder = folderWith(files);
  const named = await loadDefinition(`${folder}/10-a.json`);
  const packed = await packPipeline(named);
  expect([...packed.files.keys()]).toEqual(['b.00.seed.zip', 's.seed.jsonl']);
  expect(packed.pipeline.buckets['b.00']).toMatchObject({ seed: { zip: 'b.00.seed.zip' } });
  expect(packed.pipeline.streams['s']).toMatchObject({ seed: { file: 's.seed.jsonl', partitionKey: 'id' } });
  expect(packed.pipeline.streams['S']).not.toHaveProperty('seed');
  const file = `${folderWith(Object.fromEntries(packed.files))}/pipeline.json`;
  const built = await makeRunnable({ ...packed, file }, {});
  const declared = await loadRunnable(named.file);
  expect(built.records?.get('s')?.sha256).toBe(declared.records?.get('s')?.sha256);
  expect(built.objects?.get('b.00')?.sha256).toBe(declared.objects?.get('b.00')?.sha256);
});

test('a seed that the hook would reject fails the build', async () => {
  const folder = folderWith({ ...files, 'seed/s.jsonl': '{"id":1}\n{"name":2}\n' });
  const named = await loadDefinition(`${folder}/10-a.json`);
  expect(await rejection(packPipeline(named))).toMatch(/^InvalidInputError: Line 2 of .*s\.jsonl has no partition key/);
});

test('an error for a missing variable in a path names the field', async () => {
  const text = files['10-a.json'].replace(':-seed', '');
  const folder = folderWith({ ...files, '10-a.json': text });
  expect(await rejection(loadDefinition(`${folder}/10-a.json`))).toMatch(
    /streams\.s\.seed\.file needs SEED_FOLDER, which is not set here/,
  );
});
