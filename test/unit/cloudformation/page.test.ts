import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parsePipeline } from '../../../src/runtime/definition/check.ts';
import * as schema from '../../../src/runtime/definition/schema.ts';

const page = await readFile(new URL('../../../docs/cloudformation.md', import.meta.url), 'utf8');
const [, table = ''] = page.split('## Field by field');

const fieldsOf = (kind: object) => Object.keys((kind as { entries: object }).entries);
const [stream] = schema.stream.pipe;

test.each([
  [
    'the pipeline',
    fieldsOf(schema.pipeline).filter((field) => !(field in parsePipeline({}, 'none')) || /^[ra]/.test(field)),
    '',
  ],
  ['buckets', fieldsOf(schema.bucket), 'buckets.*.'],
  ['streams', fieldsOf(stream), 'streams.*.'],
  ['functions', fieldsOf(schema.lambda), 'functions.*.'],
  ['mappings', fieldsOf(schema.mapping), 'eventSourceMappings[].'],
])('the page documents every field of %s', (_, fields, prefix) => {
  const rows = table.split('\n').map((line) => line.split('|')[1] ?? '');
  const isDocumented = (field: string) =>
    ['wait', 'existing'].includes(field)
      ? rows.some((row) => row.includes(`\`${field}\``))
      : rows.some(
          (row) =>
            row.includes(`\`${prefix}${field}\``) || (row.includes(`\`${prefix}`) && row.includes(`, \`${field}\``)),
        );
  expect(fields.length).toBeGreaterThan(2);
  expect(fields.filter((field) => !isDocumented(field))).toEqual([]);
});
