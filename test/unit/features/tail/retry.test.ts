import { expect, test } from 'vitest';
import { patient } from '../../../../src/features/tail/retry.ts';
import { sdkError } from '../../runtime/apply/fake.ts';

const bucket = { kind: 'bucket', name: 'hallow-events' } as const;
const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

test('30 s without an answer end it with a sentence; an answer meanwhile begins them anew', async () => {
  let now = 0;
  let error: Error | undefined = refused;
  const look = patient(
    bucket,
    async () => {
      if (error) throw error;
    },
    () => now,
  );
  expect(await look()).toBe(false);
  now = 29_999;
  expect(await look()).toBe(false);
  error = undefined;
  expect(await look()).toBe(true);
  error = refused;
  now = 30_001;
  expect(await look()).toBe(false);
  now = 60_001;
  await expect(look()).rejects.toThrow(
    /^The bucket hallow-events could not be looked at for 30 s; last seen: .*ECONNREFUSED.* See that the engine is running/,
  );
});

test('what the engine means is told at once, and what it has not said is a bug, shown whole', async () => {
  const failing = (error: Error) => patient(bucket, () => Promise.reject(error))();
  await expect(failing(sdkError('AccessDenied', 403))).rejects.toThrow(
    /^The engine does not tell of the bucket hallow-events: AccessDenied.*\(HTTP 403\)\. See/,
  );
  const bug = new TypeError('x is not a function');
  await expect(failing(bug)).rejects.toBe(bug);
});
