import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSource } from '../../../src/cloudformation/import/document.ts';
import { importSource } from '../../../src/cloudformation/import/import.ts';
import type { PipelineInput } from '../../../src/runtime/definition/input.ts';
import { sharedFolder } from '../../support/folder.ts';

const files = ['js/index.js', 'ts/index.ts', 'both/index.ts', 'both/index.mjs', 'f.zip', 'main.ts'];
const folder = sharedFolder(Object.fromEntries(files.map((file) => [file, ''])));
mkdirSync(join(folder, 'asset.1'));

function codeOf(properties: string, { given = '', metadata = '{}' } = {}) {
  const text = `Resources: {F: {Type: AWS::Lambda::Function, Metadata: ${metadata}, Properties: {Handler: index.handler, ${properties}}}}`;
  const { definition, draft } = importSource(parseSource(text, join(folder, 't.yaml')), {
    out: join(folder, 'init/10-t.ts'),
    parameters: new Map(),
    codes: new Map(given ? [['F', join(folder, given)]] : []),
    region: 'us-east-1',
    account: '000000000000',
  });
  const { entry, directory, zip } = Object((definition as PipelineInput).functions?.['F']);
  return {
    code: entry ?? directory ?? zip,
    kind: entry ? 'entry' : directory ? 'directory' : 'zip',
    files: draft.files,
  };
}

test.each([
  ['Code: js', {}, 'directory', '../js'],
  ['Code: ./js/', {}, 'directory', '../js'],
  ['Code: ts', {}, 'entry', '../ts/index.ts'],
  ['Code: both', {}, 'directory', '../both'],
  ['Code: f.zip', {}, 'zip', '../f.zip'],
  ['Code: {S3Bucket: b, S3Key: some/where/f.zip}', {}, 'zip', '../f.zip'],
  ['Code: {S3Bucket: b, S3Key: x.zip}', { metadata: '{"aws:asset:path": asset.1}' }, 'directory', '../asset.1'],
  ['Code: {S3Bucket: b, S3Key: x.zip}', { given: 'js' }, 'directory', '../js'],
  ['Code: js', { given: 'main.ts' }, 'entry', '../main.ts'],
  ['Code: {ZipFile: "a"}', { given: 'f.zip' }, 'zip', '../f.zip'],
  ['Code: .', { metadata: '{BuildMethod: esbuild, BuildProperties: {EntryPoints: [main.ts]}}' }, 'entry', '../main.ts'],
])('%s with %j is the %s %s', (properties, options, kind, code) => {
  expect(codeOf(properties, options)).toMatchObject({ kind, code });
});

test.each([
  ['nodejs22.x', 'js'],
  ['python3.13', 'py'],
])('inline code for %s is written to a file beside the definition', (runtime, extension) => {
  const { code, files } = codeOf(`Runtime: ${runtime}, Code: {ZipFile: 'print("\${x}")'}`);
  expect(code).toBe('./functions/10-t/F');
  expect([...files]).toEqual([[`functions/10-t/F/index.${extension}`, `print("\${x}")`]]);
});
