import { expect, test } from 'vitest';
import { oneAtATime } from '../../../../src/features/dev/one-at-a-time.ts';

const REASON = new Error('enough');
const ended = (signal: AbortSignal) =>
  new Promise<unknown>((done) => signal.addEventListener('abort', () => done(signal.reason), { once: true }));

test('both end and the outer signal abort the current run; end does not abort the outer signal', async () => {
  const outer = new AbortController();
  const runs = oneAtATime(outer.signal);
  runs.end(new Error('nothing is running'));
  const one = runs.run(ended);
  runs.end(REASON);
  expect(await one).toBe(REASON);
  expect(outer.signal.aborted).toBe(false);
  const two = runs.run(ended);
  outer.abort(REASON);
  expect(await two).toBe(REASON);
});

test('a failed run is over, and the next one gets its own signal', async () => {
  const runs = oneAtATime(new AbortController().signal);
  await expect(runs.run(() => Promise.reject(REASON))).rejects.toBe(REASON);
  runs.end(REASON);
  expect(await runs.run(async (signal) => signal.aborted)).toBe(false);
});
