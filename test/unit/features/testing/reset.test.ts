import { expect, test } from 'vitest';
import { reset } from '../../../../src/features/testing/reset.ts';
import type { Target } from '../../../../src/features/testing/target.ts';
import { parsePipeline } from '../../../../src/runtime/definition/check.ts';
import { rejection } from '../../../support/folder.ts';
import { world } from '../../runtime/resources/world.ts';

test('an abort while a bucket is emptied is an AbortedError', async () => {
  const stop = new AbortController();
  const call = async () => {
    stop.abort();
    throw stop.signal.reason;
  };
  const aws = { call, close() {}, endpoint: 'http://127.0.0.1:1', ...world() };
  const pipeline = parsePipeline({ buckets: { 'a-bucket': {} } }, 'test');
  const target = { name: 'p', pipeline, codes: new Map(), aws } as unknown as Target;
  expect(await rejection(reset(target, { signal: stop.signal }))).toBe(
    'AbortedError: Stopped while resetting the pipeline p.',
  );
});
