// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSource } from '../../../src/cloudformation/import/document.ts';
import { importSource, importTemplate } from '../../../src/cloudformation/import/import.ts';
import { folderWith, rejection } from '../../support/folder.ts';

const options = {
  out: '10-t.ts',
  parameters: new Map(),
  codes: new Map(),
  region: 'us-east-1',
  account: '000000000000',
};
const imported = (text: string) => importSource(parseSource(text, 't.yaml'), options).definition;

const numbers = Array.from({ length: 40 }, (_, n) => n + 1);
const stream = (name: string) => `{Type: AWS::Kinesis::Stream, Properties: {Name: ${name}}}`;

test('40 conditions that each use the one before twice are evaluated once each', () => {
  const conditions = numbers.map((n) => `  C${n}: !And [!Condition C${n - 1}, !Condition C${n - 1}]`).join('\n');
  const text = `Conditions:\n  C0: !Equals [a, a]\n${conditions}\nResources:\n  S: {Type: AWS::Kinesis::Stream, Condition: C40}`;
  expect(imported(text)).toMatchObject({ streams: { S: {} } });
});

test.each([
  ['names', stream('a'), (before: string) => stream(`!Sub '\${${before}}\${${before}}'`)],
  [
    'aliases of functions',
    '{Type: AWS::Lambda::Alias, Properties: {FunctionName: a}}',
    (before: string) =>
      `{Type: AWS::Lambda::Alias, Properties: {FunctionName: !Join ['', [!Ref ${before}, !Ref ${before}]]}}`,
  ],
])('40 %s that each double the one before are rejected', (_, first, next) => {
  const chain = numbers.map((n) => `  S${n}: ${next(`S${n - 1}`)}`).join('\n');
  const text = `Resources:\n  S0: ${first}\n${chain}\n  Last: ${stream('!Ref S40')}`;
  expect(() => imported(text)).toThrow(/a value has over 100000 characters: use a shorter one\./);
});

test('a long text of ${ without } is read once', () => {
  expect(() => imported(`Resources: {S: ${stream(`!Sub "${'${'.repeat(400_000)}"`)}}`)).toThrow(
    /over 100000 characters/,
  );
});

test('a value with a toString of its own is not a bug', () => {
  const tags = '[{Key: team, Value: {toString: 1}}]';
  const text = `Resources: {S: {Type: AWS::Kinesis::Stream, DependsOn: [{toString: 1}], Properties: {Name: !Sub [x, {toString: 1}], Tags: ${tags}}}}`;
  expect(() => imported(text)).toThrow(/streams\.x\.tags\.team is '\{"toString":1\}', but must be letters/);
  expect(() => imported(`Resources: {S: ${stream('!Ref {toString: 1}')}}`)).toThrow(/\{"toString":1\} does not exist/);
});

test('a template that takes too long is rejected, and nothing is written', async () => {
  const folder = folderWith({ 't.yaml': '"'.repeat(300_001) });
  const importing = importTemplate(join(folder, 't.yaml'), { ...options, out: join(folder, '10-t.ts') }, 200);
  expect(await rejection(importing)).toMatch(/t\.yaml takes longer than 0.2 s to read: simplify it/);
  expect(readdirSync(folder)).toEqual(['t.yaml']);
});
