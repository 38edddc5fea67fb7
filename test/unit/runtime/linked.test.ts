import { expect, test } from 'vitest';
import { linked } from '../../../src/runtime/linked.ts';

const REASON = new Error('enough');

test('a signal aborts its linked controller, even if aborted earlier, but not after the release', () => {
  const outer = new AbortController();
  const [linkedOne, released] = [linked(outer.signal), linked(outer.signal)];
  released.release();
  outer.abort(REASON);
  expect(linkedOne.own.signal.reason).toBe(REASON);
  expect(linked(outer.signal).own.signal.reason).toBe(REASON);
  expect(released.own.signal.aborted).toBe(false);
});
