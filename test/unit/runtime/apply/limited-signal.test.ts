import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { limitedSignal } from '../../../../src/runtime/apply/limits.ts';

test('many requests can listen to one run without a leak warning', async () => {
  const warnings: Error[] = [];
  // The process may warn of another test meanwhile.
  const keep = (warning: Error) => warning.message.includes('AbortSignal') && warnings.push(warning);
  process.on('warning', keep);
  const { signal, release } = limitedSignal(undefined, 60_000);
  for (let n = 0; n < 50; n++) signal.addEventListener('abort', () => undefined);
  await sleep(20); // a warning is emitted on a later tick
  release();
  process.off('warning', keep);
  expect(warnings).toEqual([]);
});

test('aborts with the caller’s signal, or at the limit with a reason', async () => {
  const stop = new AbortController();
  const first = limitedSignal(stop.signal, 60_000);
  stop.abort(new Error('enough'));
  expect(first.signal.reason.message).toBe('enough');
  first.release();
  const second = limitedSignal(undefined, 1);
  await new Promise((done) => second.signal.addEventListener('abort', done));
  expect(second.signal.reason.message).toMatch(/^the run reached its limit of 0.001 s/);
});
