import { expect, test } from 'vitest';
import { exitCode, summary } from '../../../src/cli/plan.ts';

type Change = 'none' | 'create' | 'update' | 'delete' | 'wait' | 'fail';
const steps = (...changes: Change[]) =>
  changes.map((change) => ({ preview: { step: 's', kind: 'stream' as const, ref: {}, change } }));

test.each<[Change[], string, number]>([
  [['none', 'none'], 'Nothing to change: 2 resources as declared.', 0],
  [['create', 'update', 'create', 'none'], '2 to create, 1 to update', 2],
  [['delete', 'wait'], '1 to re-create, 1 to wait for', 2],
  [['create', 'fail'], '1 to create, 1 that would fail', 1],
])('%j is %s, exit code %i', (changes, text, code) => {
  expect(summary(steps(...changes))).toBe(text);
  expect(exitCode(steps(...changes))).toBe(code);
});
