import { expect, test } from 'vitest';
import { lastError } from '../../../../src/features/doctor/last-error.ts';

const NODE =
  '2026-11-30T10:00:00.000Z\tid\tERROR\tInvoke Error \t{"errorType":"TypeError","errorMessage":"no bucket","stack":[]}';

test.each([
  [NODE, 'TypeError: no bucket'],
  [NODE.replace('Invoke Error', 'Uncaught Exception'), 'TypeError: no bucket'],
  ["[ERROR] KeyError: 'BUCKET'", "[ERROR] KeyError: 'BUCKET'"],
  ['2026-11-30T10:00:00.000Z id Task timed out after 3.00 seconds', 'Task timed out after 3.00 seconds'],
  ['RequestId: id Error: Runtime exited with error: exit status 1', 'Error: Runtime exited with error: exit status 1'],
  ['2026-11-30T10:00:00.000Z\tid\tINFO\tsaved 20 records', undefined],
])('%j', (text, expected) => {
  expect(lastError([{ at: 1, text }])?.text).toBe(expected);
});

test('the last of several errors counts, in any order', () => {
  const texts = [2, 3, 1].map((at) => ({ at, text: NODE.replace('no bucket', `error ${at}`) }));
  expect(lastError(texts)).toEqual({ at: 3, text: 'TypeError: error 3' });
});
