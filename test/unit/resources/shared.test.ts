import { expect, test } from 'vitest';
import { shareAnswers } from '../../../src/resources/shared.ts';

test('the first to ask gets an answer of its own, later ones get that one', async () => {
  const shared = shareAnswers();
  const first = shared('list', async () => ['a']);
  const second = shared('list', async () => ['a', 'b']);
  expect([first.own, second.own]).toEqual([true, false]);
  expect(await second.answer).toEqual(['a']);
});

test('an answer that failed is not kept', async () => {
  const shared = shareAnswers();
  await expect(shared('list', () => Promise.reject(new Error('x'))).answer).rejects.toThrow('x');
  const again = shared('list', async () => ['a']);
  expect(again.own).toBe(true);
  expect(await again.answer).toEqual(['a']);
});
