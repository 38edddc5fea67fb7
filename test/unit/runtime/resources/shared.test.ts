import { expect, test } from 'vitest';
import { shareAnswers } from '../../../../src/runtime/resources/shared-answers.ts';

test('callers at about the same time share a fresh response, and later ones get it, too', async () => {
  let now = 0;
  const shared = shareAnswers(() => now);
  const first = shared('list', async () => ['a']);
  const second = shared('list', async () => ['a', 'b']);
  expect([first.fresh, second.fresh]).toEqual([true, true]);
  expect(await second.answer).toEqual(['a']);
  now = 99;
  expect(shared('list', async () => ['a', 'b']).fresh).toBe(true);
  now = 100;
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
