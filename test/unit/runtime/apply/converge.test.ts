import { expect, test } from 'vitest';
import type { RunContext } from '../../../../src/runtime/apply/context.ts';
import { converge } from '../../../../src/runtime/apply/converge.ts';
import { declaredMapping } from '../../../support/declared.ts';
import { scripted, sdkError, streamIn, streamStep } from './fake.ts';

const absent = sdkError('ResourceNotFoundException');
const active = streamIn('ACTIVE');
const noTags = { Tags: [] };

test('creates, waits until ACTIVE, and is done', async () => {
  const { run, calls, events } = scripted({
    DescribeStreamSummary: [absent, streamIn('CREATING'), streamIn('CREATING'), active],
    CreateStream: {},
    ListTagsForStream: noTags,
  });
  await expect(converge(streamStep, run)).resolves.toMatchObject({ outcome: 'created' });
  expect(calls.filter((call) => call === 'CreateStream')).toHaveLength(1);
  expect(events.map(({ type }) => type)).toEqual(['request', 'waiting']);
});

test('changes nothing if nothing differs', async () => {
  const { run, calls, slept } = scripted({ DescribeStreamSummary: active, ListTagsForStream: noTags });
  await expect(converge(streamStep, run)).resolves.toMatchObject({ outcome: 'unchanged' });
  expect(calls).toEqual(['ListStreams', 'DescribeStreamSummary', 'ListTagsForStream']);
  expect(slept).toEqual([]);
});

test('gives up with the expected state, the last seen state and the limit', async () => {
  const { run } = scripted({ DescribeStreamSummary: streamIn('CREATING') });
  await expect(converge(streamStep, run)).rejects.toThrow(
    /^Stream s was not ready in time: waited for it to be ACTIVE for 10\.0 s \(limit 10 s\); last seen: CREATING\. Raise its wait\.timeoutMs/,
  );
});

test('keeps a fixed interval: ten checks, one second apart', async () => {
  const { run, slept } = scripted({ DescribeStreamSummary: streamIn('CREATING') });
  const step = { ...streamStep, wait: { timeoutMs: 10_000, intervalMs: 1_000, settleMs: 0 } };
  await expect(converge(step, run)).rejects.toThrow(/not ready in time/);
  expect(slept).toEqual(Array(10).fill(1_000));
});

test('checks a CREATING stream again after LocalStack’s usual 500 ms', async () => {
  const creating = streamIn('CREATING');
  const { run, slept } = scripted({
    DescribeStreamSummary: [creating, creating, active],
    ListTagsForStream: noTags,
  });
  await converge(streamStep, run);
  expect(slept).toEqual([100, 405]);
});

test('skips the early check if another stream of the run was CREATING as long as usual', async () => {
  const { run, slept, calls } = scripted({
    DescribeStreamSummary: [absent, active],
    CreateStream: {},
    ListEventSourceMappings: {},
  });
  await converge(streamStep, { ...run, lasting: new Set(['stream'] as const) });
  expect(slept).toEqual([500]);
  // Created without tags, it has none.
  expect(calls).not.toContain('ListTagsForStream');
});

test('a stream that is CREATING beyond the early check informs the other steps', async () => {
  const lasting = new Set<'stream'>();
  const creating = streamIn('CREATING');
  const { run } = scripted({ DescribeStreamSummary: [absent, creating, creating, active], CreateStream: {} });
  await converge(streamStep, { ...run, lasting });
  expect([...lasting]).toEqual(['stream']);
});

test('waits for a turn before the first change, and that wait does not count towards the limit', async () => {
  const { run, calls, events } = scripted({ DescribeStreamSummary: [absent, streamIn('CREATING')], CreateStream: {} });
  let ended = 0;
  const takeTurn: RunContext['takeTurn'] = async (_, onWait) => {
    expect(calls).not.toContain('CreateStream');
    onWait(5);
    await run.clock.sleep(60_000);
    return () => ended++;
  };
  const failed = converge(streamStep, { ...run, takeTurn });
  await expect(failed).rejects.toThrow('waited for it to be ACTIVE for 10.0 s (limit 10 s)');
  expect(ended).toBe(1);
  expect(events).toContainEqual({
    type: 'waiting',
    step: 'stream s',
    kind: 'stream',
    ref: { name: 's' },
    until: 'for its turn',
    seen: '5 ahead of it',
  });
});

test('settles after a change', async () => {
  const { run, slept } = scripted({
    DescribeStreamSummary: [absent, active],
    CreateStream: {},
    ListTagsForStream: noTags,
  });
  await converge({ ...streamStep, wait: { timeoutMs: 10_000, settleMs: 700 } }, run);
  expect(slept.at(-1)).toBe(700);
});

test('does not settle if nothing changed', async () => {
  const { run, slept } = scripted({ DescribeStreamSummary: active, ListTagsForStream: noTags });
  await converge({ ...streamStep, wait: { timeoutMs: 10_000, settleMs: 700 } }, run);
  expect(slept).toEqual([]);
});

test('"already exists" is a race: it observes again', async () => {
  const { run, calls } = scripted({
    DescribeStreamSummary: [absent, active],
    CreateStream: sdkError('ResourceInUseException'),
    ListTagsForStream: noTags,
  });
  await expect(converge(streamStep, run)).resolves.toMatchObject({ outcome: 'unchanged' });
  expect(calls).toEqual([
    'ListStreams',
    'DescribeStreamSummary',
    'CreateStream',
    'DescribeStreamSummary',
    'ListTagsForStream',
  ]);
});

test('does not repeat a request whose response was lost if it was carried out', async () => {
  const { run, calls } = scripted({
    DescribeStreamSummary: [absent, active],
    CreateStream: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
    ListTagsForStream: noTags,
  });
  await expect(converge(streamStep, run)).resolves.toMatchObject({ outcome: 'unchanged' });
  expect(calls.filter((call) => call === 'CreateStream')).toHaveLength(1);
});

test('repeats a request without effect until the limit', async () => {
  const { run } = scripted({ DescribeStreamSummary: absent, CreateStream: {} });
  await expect(converge(streamStep, run)).rejects.toThrow(/sent CreateStream without effect for 10\.\d s/);
});

test.each([
  ['LimitExceededException', 400],
  ['ServiceUnavailable', 503],
  ['InternalError', 500],
  ['ThrottlingException', 400],
])('%s is retried and reported, and passes', async (name, status) => {
  const { run, events } = scripted({
    DescribeStreamSummary: [absent, absent, absent, active],
    CreateStream: [sdkError(name, status), sdkError(name, status), {}],
    ListTagsForStream: noTags,
  });
  await expect(converge(streamStep, run)).resolves.toMatchObject({ outcome: 'created' });
  expect(events.filter(({ type }) => type === 'retry')).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
});

test('gives up at the limit on a transient error that persists', async () => {
  const { run } = scripted({ DescribeStreamSummary: absent, CreateStream: sdkError('ServiceUnavailable', 503) });
  await expect(converge(streamStep, run)).rejects.toThrow(
    /tried CreateStream \d+ times for 10\.\d s .*last seen: CreateStream: ServiceUnavailable: as scripted \(HTTP 503\)/,
  );
});

test('does not retry a rejected request', async () => {
  const { run, calls } = scripted({
    DescribeStreamSummary: absent,
    CreateStream: sdkError('InvalidArgumentException', 400, 'no such thing'),
  });
  await expect(converge(streamStep, run)).rejects.toThrow(
    'Stream s failed: the engine rejected CreateStream: InvalidArgumentException: no such thing (HTTP 400).',
  );
  expect(calls).toEqual(['ListStreams', 'DescribeStreamSummary', 'CreateStream']);
});

test('rethrows a bug', async () => {
  const bug = new TypeError('undefined is not a function');
  const { run } = scripted({ DescribeStreamSummary: bug });
  await expect(converge(streamStep, run)).rejects.toBe(bug);
});

test('retries a mapping whose stream is not visible yet', async () => {
  const { run, events } = scripted({
    ListEventSourceMappings: [
      ...Array(3).fill({ EventSourceMappings: [] }),
      { EventSourceMappings: [{ UUID: 'u', FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f' }] },
    ],
    ListShards: { Shards: [] },
    CreateEventSourceMapping: [
      sdkError('InvalidParameterValueException', 400, 'Stream not found: arn'),
      sdkError('ResourceNotFoundException', 404, 'Function does not exist'),
      {},
    ],
    GetEventSourceMapping: { UUID: 'u', State: 'Enabled', StartingPosition: 'TRIM_HORIZON' },
    ListStreams: { StreamNames: ['s'] },
    DescribeStreamSummary: active,
  });
  const step = {
    ...streamStep,
    id: 'event source mapping s → f',
    kind: 'mapping' as const,
    ref: { stream: 's', function: 'f' },
    declared: declaredMapping(),
  };
  await expect(converge(step, run)).resolves.toMatchObject({ outcome: 'created' });
  expect(events.filter(({ type }) => type === 'retry')).toHaveLength(2);
});

test('stops at once on abort', async () => {
  const { run } = scripted({ DescribeStreamSummary: streamIn('CREATING') });
  const stop = new AbortController();
  stop.abort();
  await expect(converge(streamStep, { ...run, signal: stop.signal })).rejects.toThrow('Stopped at stream s.');
});

test.each([
  [
    'rejected requests',
    { DescribeStreamSummary: absent, CreateStream: sdkError('ServiceUnavailable', 503) },
    /tried CreateStream \d+ times .*last seen: CreateStream: ServiceUnavailable/,
  ],
  [
    'a request without effect',
    { DescribeStreamSummary: absent, CreateStream: {} },
    /sent CreateStream without effect .*last seen: CreateStream was accepted, but nothing changed/,
  ],
  ['a state', { DescribeStreamSummary: streamIn('CREATING') }, /waited for it to be ACTIVE .*last seen: CREATING/],
])('a last request without a response does not hide the earlier problem: %s', async (_, answers, expected) => {
  const { run } = scripted(answers);
  const startedAt = run.clock.now();
  const { call } = run.aws;
  const unanswered = Object.assign(new Error('late'), { name: 'TimeoutError' });
  const atTheEnd = () => run.clock.now() >= startedAt + streamStep.wait.timeoutMs;
  const aws = {
    ...run.aws,
    call: (async (...request: Parameters<typeof call>) => {
      if (atTheEnd()) throw unanswered;
      return call(...request);
    }) as typeof call,
  };
  await expect(converge(streamStep, { ...run, aws })).rejects.toThrow(expected);
});
