import { expect, test } from 'vitest';
import type { Reader } from '../../../../src/runtime/resources/kind.ts';
import { shareAnswers } from '../../../../src/runtime/resources/shared-answers.ts';
import { stream } from '../../../../src/runtime/resources/stream/stream.ts';
import { scripted, streamIn } from '../apply/fake.ts';
import { world } from './world.ts';

function readers(listed: string[][]) {
  const { run, calls } = scripted({
    ListStreams: listed.map((StreamNames) => ({ StreamNames })),
    DescribeStreamSummary: streamIn('CREATING'),
  });
  let now = 0;
  const shared = shareAnswers(() => now);
  const reader: Reader = { call: run.aws.call, options: {}, known: false, world: world(), shared };
  return { reader, calls, passTime: () => (now += 1_000) };
}

test('finds existing streams with one list', async () => {
  const { reader, calls } = readers([['s', 't']]);
  await stream.observe({ name: 's' }, reader, undefined);
  await stream.observe({ name: 't' }, reader, undefined);
  expect(calls).toEqual(['ListStreams', 'DescribeStreamSummary', 'DescribeStreamSummary']);
});

test('lists again for a missing stream, which may have been created since', async () => {
  const { reader, calls, passTime } = readers([[], ['t']]);
  expect(await stream.observe({ name: 's' }, reader, undefined)).toBeUndefined();
  passTime();
  expect(await stream.observe({ name: 't' }, reader, undefined)).toMatchObject({ status: 'CREATING' });
  expect(calls).toEqual(['ListStreams', 'ListStreams', 'DescribeStreamSummary']);
});
