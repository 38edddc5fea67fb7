import { expect, test } from 'vitest';
import { readObjects, readRecords } from '../../../../src/runtime/contents/read-seeds.ts';
import { zipFiles } from '../../../../src/runtime/contents/zip.ts';
import { parsePipeline } from '../../../../src/runtime/definition/check.ts';
import { folderWith, rejection } from '../../../support/folder.ts';

const stream = (seed: object) => parsePipeline({ streams: { s: { seed } } }, 'd');
const bucket = (seed: object) => parsePipeline({ buckets: { b00: { seed } } }, 'd');
const records = (files: Record<string, string>, seed: object = { file: 'a.jsonl' }) =>
  readRecords(stream(seed), folderWith(files));
const objects = (files: Record<string, string | Uint8Array>, seed: object = { directory: 'objects' }) =>
  readObjects(bucket(seed), folderWith(files));

test('each line is a record with its line number or a field as partition key', async () => {
  const file = { 'a.jsonl': '{"id":"x"}\r\n\n{"id":7}\n' };
  const keys = async (seed: object) =>
    (await records(file, seed))
      .get('s')
      ?.batches.flat()
      .map(({ PartitionKey }) => PartitionKey);
  expect(await keys({ file: 'a.jsonl' })).toEqual(['1', '3']);
  expect(await keys({ file: 'a.jsonl', partitionKey: 'id' })).toEqual(['x', '7']);
});

test('a missing last line break does not change the seed; another line or key does', async () => {
  const sha = async (text: string, seed?: object) => (await records({ 'a.jsonl': text }, seed)).get('s')?.sha256;
  const first = await sha('{"id":1}\n{"id":2}\n');
  expect(await sha('{"id":1}\n{"id":2}')).toBe(first);
  expect(await sha('{"id":1}\n{"id":3}')).not.toBe(first);
  expect(await sha('{"id":11}\n{"id":2}', { file: 'a.jsonl', partitionKey: 'id' })).not.toBe(first);
});

test.each<[string, Record<string, string>, RegExp]>([
  ['a missing file', {}, /^InvalidInputError: Stream s takes its seed from .*a\.jsonl, which does not exist: build/],
  ['no records', { 'a.jsonl': '\n\n' }, /a\.jsonl, which has no records: add a line of JSON, or leave seed out\.$/],
  [
    'a line that is not valid JSON',
    { 'a.jsonl': '{}\n{"a"' },
    /^InvalidInputError: Line 2 of .*a\.jsonl is not valid JSON .*fix it\.$/,
  ],
  [
    'too large',
    { 'a.jsonl': `"${'x'.repeat(51 * 1024 * 1024)}"` },
    /which is 52 MB; expected at most 50 MB: add the rest/,
  ],
])('rejects %s', async (_, files, message) => {
  expect(await rejection(records(files))).toMatch(message);
});

test('rejects a line without the partition key', async () => {
  const message = rejection(records({ 'a.jsonl': '{}' }, { file: 'a.jsonl', partitionKey: 'id' }));
  expect(await message).toMatch(/Line 1 of .* has no partition key in id/);
});

test('a folder and its zip give the same objects and the same seed', async () => {
  const folder = (await objects({ 'objects/a.json': '{}', 'objects/b/c.txt': 'text' })).get('b00');
  expect(folder?.objects.map(({ path }) => path)).toEqual(['a.json', 'b/c.txt']);
  const zip = await zipFiles((folder?.objects ?? []).map(({ path, bytes }) => ({ path, bytes })));
  const zipped = (await objects({ 'o.zip': zip }, { zip: 'o.zip' })).get('b00');
  expect(zipped?.sha256).toBe(folder?.sha256);
  expect(zipped?.objects.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['{}', 'text']);
});

test('a zip whose files are too large is rejected before it is unpacked', async () => {
  const zip = Buffer.from(await zipFiles([{ path: 'a', bytes: Buffer.from('a') }]));
  // The size in the zip's directory: a bomb of 3 GB is only 3 MB.
  zip.writeUInt32LE(3_000_000_000, zip.lastIndexOf('PK\x01\x02') + 24);
  expect(await rejection(objects({ 'o.zip': zip }, { zip: 'o.zip' }))).toMatch(/o\.zip, which is 2862 MB; expected at/);
});

test('a seed that is a folder is the user’s to correct', async () => {
  expect(await rejection(records({ 'a.jsonl/b': '' }))).toMatch(/^FileError: Cannot read .*a\.jsonl: it is a folder\./);
});

test('renaming a file, or moving bytes from one file to the next, changes the seed', async () => {
  const sha = async (files: Record<string, string>) => (await objects(files)).get('b00')?.sha256;
  const first = await sha({ 'objects/a': '12', 'objects/b': '3' });
  expect(await sha({ 'objects/a': '1', 'objects/b': '23' })).not.toBe(first);
  expect(await sha({ 'objects/a': '12', 'objects/c': '3' })).not.toBe(first);
});

test.each<[string, Record<string, string>, object, RegExp]>([
  [
    'a missing folder',
    {},
    { directory: 'objects' },
    /^InvalidInputError: Bucket b00 takes its seed from .*objects, which does not exist/,
  ],
  ['an invalid zip', { 'o.zip': 'text' }, { zip: 'o.zip' }, /o\.zip, which is not a zip file\.$/],
  [
    'an empty zip',
    { 'o.zip': Buffer.from(await zipFiles([])).toString('latin1') },
    { zip: 'o.zip' },
    /which has no files: add one/,
  ],
  [
    'a key that is too long',
    { [`objects/${Array(6).fill('x'.repeat(200)).join('/')}`]: '' },
    { directory: 'objects' },
    /… is longer than 1024 bytes, the limit of a key/,
  ],
])('rejects %s', async (_, files, seed, message) => {
  expect(await rejection(objects(files, seed))).toMatch(message);
});
