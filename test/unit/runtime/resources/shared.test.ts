import { expect, test } from 'vitest';
import { shareAnswers } from '../../../../src/runtime/resources/shared-answers.ts';

test('concurrent callers share a fresh response, and later ones get it, too', async () => {
  const shared = shareAnswers();
  const first = shared('list', async () => ['a']);
  const second = shared('list', async () => ['a', 'b']);
  expect([first.fresh, second.fresh]).toEqual([true, true]);
  expect(await second.answer).toEqual(['a']);
  const later = shared('list', async () => ['a', 'b']);
  expect(later.fresh).toBe(false);
  expect(await later.answer).toEqual(['a']);
});

test('does not keep a failed response', async () => {
  const shared = shareAnswers();
  await expect(shared('list', () => Promise.reject(new Error('x'))).answer).rejects.toThrow('x');
  const again = shared('list', async () => ['a']);
  expect(again.fresh).toBe(true);
  expect(await again.answer).toEqual(['a']);
});
