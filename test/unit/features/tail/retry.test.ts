import { expect, test } from 'vitest';
import { patient } from '../../../../src/features/tail/retry.ts';
import { sdkError } from '../../runtime/apply/fake.ts';

const bucket = { kind: 'bucket', name: 'hallow-events' } as const;
const unreachable = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

test('30 s without an answer end it with an error; an answer resets the limit', async () => {
  let now = 0;
  let error: Error | undefined = unreachable;
  const read = patient(
    bucket,
    async () => {
      if (error) throw error;
    },
    () => now,
  );
  expect(await read()).toBe(false);
  now = 29_999;
  expect(await read()).toBe(false);
  error = undefined;
  expect(await read()).toBe(true);
  error = unreachable;
  now = 30_001;
  expect(await read()).toBe(false);
  now = 60_001;
  await expect(read()).rejects.toThrow(
    /^The bucket hallow-events could not be read for 30 s; last seen: .*ECONNREFUSED.* Check that the engine is running/,
  );
});

test('an error response is reported at once, and a bug is thrown unchanged', async () => {
  const failing = (error: Error) => patient(bucket, () => Promise.reject(error))();
  await expect(failing(sdkError('AccessDenied', 403))).rejects.toThrow(
    /^The engine rejected a read of the bucket hallow-events: AccessDenied.*\(HTTP 403\)\. See/,
  );
  const bug = new TypeError('x is not a function');
  await expect(failing(bug)).rejects.toBe(bug);
});
