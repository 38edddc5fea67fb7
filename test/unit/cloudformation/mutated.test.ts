import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { test } from 'vitest';
import { parseSource, type Source } from '../../../src/cloudformation/import/document.ts';
import { importSource } from '../../../src/cloudformation/import/import.ts';
import { InvalidInputError } from '../../../src/runtime/errors.ts';
import { mutate, mutations, oddValue } from '../../support/mutations.ts';

const folder = fileURLToPath(new URL('../../support/templates', import.meta.url));
const FILES = [
  'sam/template.yaml',
  'plain/template.yaml',
  'cdk/Orders.template.json',
  'serverless/cloudformation-template-update-stack.json',
  'resources/resources.json',
].map((file) => `${folder}/${file}`);
const runs = { numRuns: Number(process.env['READY_HOOKS_MUTATIONS'] ?? 300) };

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1.5, true, [], {}, [[]], 'x'.repeat(300), { Ref: 'Nothing' }, { Ref: 1 }),
  fc.constantFrom<unknown>({ 'Fn::Sub': [] }, { 'Fn::Join': 'a' }, { 'Fn::If': [] }, { 'Fn::Select': [9, []] }),
  fc.constantFrom<unknown>({ 'Fn::GetAtt': [] }, { 'Fn::Split': [] }, { 'Fn::FindInMap': {} }, { 'Fn::If': 3 }),
  fc.constantFrom<unknown>({ 'Fn::Equals': 1 }, { 'Fn::And': 1 }, { Condition: {} }, { 'Fn::Not': [] }, '__proto__'),
  oddValue,
);

test('a randomly changed template is imported or rejected, and never causes another error', () => {
  fc.assert(
    fc.property(fc.constantFrom(...FILES), mutations(odd), (file, changes) => {
      const source: Source = parseSource(readFileSync(file, 'utf8'), file);
      mutate(source.root, changes);
      const options = { out: '/none/10-x.ts', region: 'us-east-1', account: '000000000000' };
      try {
        importSource(source, { ...options, parameters: new Map(), codes: new Map() });
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
      }
    }),
    runs,
  );
}, 120_000);
