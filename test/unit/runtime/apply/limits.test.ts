import { expect, test } from 'vitest';
import { limitedSignal, limitsOf, scriptLimit } from '../../../../src/runtime/apply/limits.ts';
import { runEnded } from '../../../../src/runtime/apply/step-errors.ts';

test.each([
  [{}, {}, { requestTimeoutMs: 30_000, limitMs: 300_000 }],
  [{ limitMs: 5 }, { READY_HOOKS_LIMIT_MS: '9' }, { requestTimeoutMs: 30_000, limitMs: 5 }],
  [{}, { READY_HOOKS_LIMIT_MS: '9', READY_HOOKS_REQUEST_TIMEOUT_MS: '8' }, { requestTimeoutMs: 8, limitMs: 9 }],
])('limits of %o and %o', (given, env, expected) => expect(limitsOf(given, env)).toEqual(expected));

test.each(['0', '-1', '1.5', 'soon', '2147483648'])('rejects the limit %s', (text) =>
  expect(() => limitsOf({}, { READY_HOOKS_LIMIT_MS: text })).toThrow(
    /^The limit READY_HOOKS_LIMIT_MS is .*, but must be/,
  ),
);

test.each([
  ['localstack', undefined],
  ['floci', 24_000],
  ['ministack', 240_000],
] as const)('warns of the hook limit of %s after %s ms', (product, expected) =>
  expect(scriptLimit({ product })?.warnAfterMs).toBe(expected),
);

test('a run that reaches its limit reports the step and its last seen state', async () => {
  const { signal, release } = limitedSignal(undefined, 1);
  await new Promise((done) => signal.addEventListener('abort', done));
  release();
  expect(runEnded({ label: 'stream s' }, signal, 'CREATING').message).toMatch(
    /^Stream s is not ready: the run reached its limit of 0.001 s; raise READY_HOOKS_LIMIT_MS.* Last seen: CREATING\.$/,
  );
});
