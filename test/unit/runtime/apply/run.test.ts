import { expect, test } from 'vitest';
import { runSteps } from '../../../../src/runtime/apply/run.ts';
import type { Identity } from '../../../../src/runtime/identity.ts';
import type { Step } from '../../../../src/runtime/plan.ts';
import { samplePipeline } from '../../../support/pipelines.ts';
import { scripted, sdkError, streamIn, streamStep } from './fake.ts';

/** Steps of the scripted engine's one stream, distinguished by `as`. */
const identity = (as: string): Identity => ({ kind: 'stream', ref: { name: 's', as } });
const stream = (label: string, needs: string[] = []): Step => ({
  ...streamStep,
  ...identity(label),
  label,
  needs: needs.map(identity),
});
const noTags = { Tags: [] };

test('a step starts only when the steps it needs are ready', async () => {
  const { run, events } = scripted({
    DescribeStreamSummary: [streamIn('CREATING'), streamIn('CREATING'), streamIn('ACTIVE')],
    ListTagsForStream: noTags,
  });
  const result = await runSteps('p', [stream('a'), stream('b', ['a'])], run);
  expect(result.ok).toBe(true);
  const order = events.map((event) => `${event.type} ${'step' in event ? event.step : ''}`);
  expect(order.indexOf('step-started b')).toBeGreaterThan(order.indexOf('step-ready a'));
});

test('after a failure no step starts, and the report lists each step', async () => {
  const { run, events } = scripted({ DescribeStreamSummary: sdkError('AccessDeniedException', 403) });
  const result = await runSteps('p', [stream('a'), stream('b', ['a']), stream('c', ['b'])], run);
  expect(result).toMatchObject({ ok: false, outcomes: {}, notAttempted: ['b', 'c'] });
  expect(Object.keys(result.failures)).toEqual(['a']);
  expect(events.at(-1)).toMatchObject({ type: 'end', ready: [], failed: ['a'], notAttempted: ['b', 'c'] });
});

test('a function that the engine cannot delete does not keep other resources from being deleted', async () => {
  const gone = sdkError('ResourceNotFoundException');
  const { run } = scripted({
    GetFunction: { Configuration: { FunctionArn: 'arn:f', State: 'Failed' } },
    DeleteFunction: sdkError('InternalError', 500, 'Unable to find version manager for arn:f'),
    DescribeStreamSummary: [streamIn('ACTIVE'), gone],
    ListTagsForStream: noTags,
    ListEventSourceMappings: { EventSourceMappings: [] },
    DeleteStream: {},
  });
  const removed = { ...streamStep, declared: undefined };
  const failed: Step = { ...removed, label: 'function f', kind: 'function', ref: { name: 'f' } };
  const later = { ...removed, needs: [{ kind: failed.kind, ref: failed.ref }] };
  const result = await runSteps('p', [failed, later], run);
  expect(result).toMatchObject({ ok: false, outcomes: { 'stream s': 'deleted' }, notAttempted: [] });
  expect(result.failures['function f']?.message).toMatch(
    /restart the engine, which removes it, or rename the function/,
  );
});

test('a removal does not start over because of what it has removed', async () => {
  const gone = sdkError('ResourceNotFoundException');
  const { run, events } = scripted({
    GetFunction: gone,
    DescribeStreamSummary: [streamIn('ACTIVE'), gone],
    ListTagsForStream: noTags,
    ListEventSourceMappings: { EventSourceMappings: [] },
    DeleteStream: gone,
  });
  const removed = { ...streamStep, declared: undefined };
  const first: Step = { ...removed, label: 'function f', kind: 'function', ref: { name: 'f' } };
  const result = await runSteps('p', [first, { ...removed, needs: [{ kind: first.kind, ref: first.ref }] }], run);
  expect(result).toMatchObject({ ok: true, outcomes: { 'function f': 'absent' } });
  expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
});

test('throws a bug after reporting the end', async () => {
  const bug = new TypeError('undefined is not a function');
  const { run, events } = scripted({ DescribeStreamSummary: bug });
  await expect(runSteps('p', [stream('a'), stream('b', ['a'])], run)).rejects.toBe(bug);
  expect(events.at(-1)).toMatchObject({ type: 'end', failed: ['a'], notAttempted: ['b'] });
});

test('after the engine was unreachable, checks everything again and re-creates lost resources', async () => {
  const unreachable = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const missing = sdkError('ResourceNotFoundException');
  const active = streamIn('ACTIVE');
  const { run, events, calls } = scripted({
    // a is ready; then the engine is unreachable for b, and comes back without a.
    DescribeStreamSummary: [active, unreachable, active, missing, active, active],
    ListTagsForStream: noTags,
    ListEventSourceMappings: { EventSourceMappings: [] },
    CreateStream: {},
  });
  const result = await runSteps('p', [stream('a'), stream('b', ['a'])], run);
  expect(result).toMatchObject({ ok: true, outcomes: { a: 'created', b: 'unchanged' } });
  expect(calls.filter((operation) => operation === 'CreateStream')).toHaveLength(1);
  expect(events.filter(({ type }) => type === 'end')).toHaveLength(1);
});

test('creates at most five streams at once, and observes the others meanwhile', async () => {
  const { run, events } = scripted({
    DescribeStreamSummary: streamIn('ACTIVE'),
    ListEventSourceMappings: { EventSourceMappings: [] },
    ListStreams: { StreamNames: [] },
    ListTagsForStream: noTags,
    CreateStream: {},
  });
  let underWay = 0;
  let most = 0;
  const { emit } = run;
  run.emit = (event) => {
    if (event.type === 'request') most = Math.max(most, ++underWay);
    if (event.type === 'step-ready') underWay--;
    emit(event);
  };
  const steps = Array.from({ length: 12 }, (_, n) => stream(`s${n}`));
  await runSteps('p', steps, run);
  expect(most).toBe(5);
  expect(events.filter((event) => event.type === 'waiting')).toHaveLength(7);
});

test('reads the records of a stream that has settled for more than a moment', async () => {
  const mapping = samplePipeline('any').pipeline.eventSourceMappings[0];
  const steps = (settleMs: number): Step[] => [
    { ...streamStep, wait: { timeoutMs: 10_000, settleMs } },
    {
      ...streamStep,
      label: 'm',
      kind: 'mapping',
      ref: { stream: 's', function: 's' },
      declared: mapping,
      needs: [{ kind: 'stream', ref: { name: 's' } }],
    },
  ];
  const reads = async (settleMs: number) => {
    const { run, calls } = scripted({
      ListStreams: { StreamNames: [] },
      CreateStream: {},
      DescribeStreamSummary: streamIn('ACTIVE'),
      ListEventSourceMappings: { EventSourceMappings: [] },
      ListShards: { Shards: [] },
      CreateEventSourceMapping: sdkError('ValidationException'),
    });
    await runSteps('p', steps(settleMs), run);
    return calls.includes('ListShards');
  };
  expect([await reads(0), await reads(1_500)]).toEqual([false, true]);
});

test('does not start a stream that waits for its turn if another fails', async () => {
  const { run, calls } = scripted({
    ListStreams: { StreamNames: [] },
    ListEventSourceMappings: { EventSourceMappings: [] },
    CreateStream: sdkError('AccessDeniedException', 403),
  });
  const result = await runSteps(
    'p',
    Array.from({ length: 7 }, (_, n) => stream(`s${n}`)),
    run,
  );
  expect(calls.filter((operation) => operation === 'CreateStream')).toHaveLength(5);
  expect(Object.keys(result.failures)).toHaveLength(5);
  expect(result.notAttempted).toEqual(['s5', 's6']);
});

test('rejects features that the engine lacks before sending a request', async () => {
  const { run, calls } = scripted({});
  const mapping: Step = {
    ...streamStep,
    label: 'm',
    kind: 'mapping',
    ref: { stream: 's', function: 'f' },
    declared: { startingPosition: 'AT_TIMESTAMP', filters: [] },
  };
  await expect(runSteps('p', [stream('a'), mapping], run)).rejects.toThrow(/AT_TIMESTAMP/);
  const filtered = { ...mapping, declared: { filters: [{ partitionKey: ['a'] }] } };
  await expect(runSteps('p', [stream('a'), filtered], run)).rejects.toThrow(/partitionKey/);
  expect(calls).toEqual([]);
});

test('removing prints no warnings', async () => {
  const warnings = async (change: Partial<Step>) => {
    const { run, events } = scripted({ ListEventSourceMappings: { EventSourceMappings: [] } });
    run.aws = { ...run.aws, engine: { ...run.aws.engine, version: '4.2.0' } };
    const declared = samplePipeline('any').pipeline.eventSourceMappings[0];
    const mapping: Step = { ...streamStep, label: 'm', kind: 'mapping', ref: { stream: 's', function: 'f' }, declared };
    await runSteps('p', [{ ...mapping, wait: { timeoutMs: 1, settleMs: 0 }, ...change }], run).catch(() => undefined);
    return events.filter(({ type }) => type === 'warning').length;
  };
  expect([await warnings({}), await warnings({ declared: undefined })]).toEqual([1, 0]);
});

test('lists a new stream’s mappings while the stream is CREATING', async () => {
  const mapping: Step = {
    ...streamStep,
    label: 'm',
    kind: 'mapping',
    ref: { stream: 's', function: 's' },
    declared: samplePipeline('any').pipeline.eventSourceMappings[0],
    needs: [identity('first'), identity('second')],
  };
  const { run, calls } = scripted({
    ListStreams: { StreamNames: [] },
    CreateStream: {},
    DescribeStreamSummary: [streamIn('ACTIVE'), streamIn('CREATING'), streamIn('CREATING'), streamIn('ACTIVE')],
    ListEventSourceMappings: { EventSourceMappings: [] },
    ListShards: { Shards: [] },
    CreateEventSourceMapping: sdkError('ValidationException'),
  });
  await runSteps('p', [stream('first'), stream('second'), mapping], run);
  const listed = calls.filter((operation) => operation === 'ListEventSourceMappings');
  expect(listed).toHaveLength(1);
  expect(calls.indexOf(listed[0] ?? '')).toBeLessThan(calls.lastIndexOf('DescribeStreamSummary'));
  expect(calls.at(-1)).toBe('CreateEventSourceMapping');
});

test.each([
  ['waits', 'is created', {}, [25]],
  ['does not wait', 'exists', { existing: true }, []],
])('the first step of another kind %s if a stream %s', async (_does, _stream, changes, expected) => {
  const bucket: Step = {
    ...streamStep,
    label: 'b',
    kind: 'bucket',
    ref: { name: 'b' },
    declared: { existing: true },
    existing: true,
  };
  const { run, slept } = scripted({
    DescribeStreamSummary: streamIn('ACTIVE'),
    ListTagsForStream: noTags,
    GetBucketTagging: { TagSet: [] },
  });
  await runSteps('p', [{ ...stream('s'), ...changes }, bucket], run);
  expect(slept).toEqual(expected);
});
