import { describe, expect, test } from 'vitest';
import type { DeclaredMapping } from '../../../../src/runtime/definition/pipeline.ts';
import { PRODUCTS } from '../../../../src/runtime/engine/products.ts';
import type { Identity } from '../../../../src/runtime/identity.ts';
import type { Ready } from '../../../../src/runtime/resources/kind.ts';
import { mapping } from '../../../../src/runtime/resources/mapping/mapping.ts';
import { withArrival, withoutArrival } from '../../../../src/runtime/resources/mapping/starting-position.ts';
import type { SeenMapping } from '../../../../src/runtime/resources/mapping/update.ts';
import type { Held } from '../../../../src/runtime/resources/stream/held-records.ts';
import type { SeenStream } from '../../../../src/runtime/resources/stream/stream.ts';
import { scripted } from '../apply/fake.ts';
import { told, world } from './world.ts';

const ref = { stream: 's', function: 'f' };
const declared: DeclaredMapping = {
  ...ref,
  batchSize: 10_000,
  maximumBatchingWindowSeconds: 0,
  startingPosition: 'LATEST',
  reportBatchItemFailures: true,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
  bisectBatchOnFunctionError: false,
  parallelizationFactor: 1,
  tumblingWindowSeconds: 0,
  filters: [],
  enabled: true,
  verifyDelivery: false,
};
const enabled: SeenMapping = {
  uuid: 'u1',
  state: 'Enabled',
  startingPosition: 'TRIM_HORIZON',
  settings: {
    batchSize: 10_000,
    maximumBatchingWindowSeconds: 0,
    reportBatchItemFailures: true,
    maximumRetryAttempts: -1,
    maximumRecordAgeSeconds: -1,
    bisectBatchOnFunctionError: false,
    parallelizationFactor: 1,
    tumblingWindowSeconds: 0,
    filters: [],
    onFailure: '',
  },
};
/** Made 10 s before the world's now. */
const MADE_AT = 1_699_999_990_500;
const stream: SeenStream = {
  arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
  status: 'ACTIVE',
  streamMode: 'PROVISIONED',
  shardCount: 1,
  retentionPeriodHours: 24,
  madeAt: MADE_AT,
};
const decide = (wanted: DeclaredMapping | undefined, mappings: SeenMapping[], held: Held = 'none', quirks = {}) =>
  mapping.decide(ref, wanted, { mappings, held, stream }, world(quirks));
/** The newest record arrived half a second before the world's now. */
const records: Held = { newestAt: 1_700_000_000_000 };

describe('where it starts', () => {
  const start = (position: DeclaredMapping['startingPosition'], held: Held, quirks = {}) => {
    const decision = decide({ ...declared, startingPosition: position }, [], held, quirks);
    if (decision.do !== 'send') throw new Error(told(decision));
    const input = decision.request.input as {
      StartingPosition: string;
      FilterCriteria?: { Filters: { Pattern: string }[] };
    };
    const filters = input.FilterCriteria?.Filters.map(({ Pattern }) => Pattern) ?? [];
    return [input.StartingPosition, ...filters, decision.warning].filter(Boolean).join(' ');
  };
  const arrival = '{"kinesis":{"approximateArrivalTimestamp":[{"numeric":[">=",1700000000.001]}]}}';
  test.each([
    ['LATEST', 'none', {}, 'TRIM_HORIZON'],
    ['LATEST', records, {}, `TRIM_HORIZON ${arrival}`],
    ['LATEST', 'none', { latestLosesFirstRecords: false }, 'LATEST'],
    ['LATEST', records, { latestLosesFirstRecords: false }, 'LATEST'],
    ['TRIM_HORIZON', records, {}, 'TRIM_HORIZON'],
  ] as const)('%s, holds: %o, %o → %s', (position, held, quirks, expected) => {
    expect(start(position, held, quirks)).toBe(expected);
  });
  test('where the engine has no such filter, the loss is said', () => {
    expect(start('LATEST', records, { filtersArrivalTime: false })).toMatch(
      /^LATEST the stream holds records, and .* can lose/,
    );
  });
  test('a newest record from the future is said: no clock decides, but one may have been set back', () => {
    expect(start('LATEST', { newestAt: 1_700_000_003_000 })).toMatch(
      /arrived at 2023-11-14T22:13:23.000Z, 3 s in the future/,
    );
  });
  test('on Floci, which reads every stream from its start, records that are there are said to be delivered too', () => {
    const floci = PRODUCTS.floci.quirks;
    expect(start('LATEST', 'none', floci)).toBe('LATEST');
    expect(start('LATEST', records, floci)).toMatch(/^LATEST the stream holds records, and .* delivered too$/);
    const at = { ...declared, startingPosition: 'AT_TIMESTAMP' as const };
    expect(mapping.unsupported?.(ref, at, world(floci))).toMatch(/AT_TIMESTAMP, which this engine ignores/);
  });
  test('a setting that the engine does not keep is no difference', () => {
    const wanted = { ...declared, maximumRetryAttempts: 5, tumblingWindowSeconds: 60 };
    expect(told(decide(wanted, [enabled], 'none', PRODUCTS.floci.quirks))).toBe('nothing');
    expect(decide({ ...wanted, batchSize: 7 }, [enabled], 'none', PRODUCTS.floci.quirks)).toMatchObject({
      why: 'batchSize',
    });
  });
  test('what the stream holds must be known', () => {
    expect(told(decide(declared, [], 'unknown'))).toBe(
      'wait for the stream to show its records, now empty answers that are not its end',
    );
    expect(told(decide({ ...declared, startingPosition: 'TRIM_HORIZON' }, [], 'unknown'))).toMatch(/^CreateEvent/);
  });
  test('AT_TIMESTAMP is refused where it never delivers', () => {
    const at = { ...declared, startingPosition: 'AT_TIMESTAMP' as const };
    expect(mapping.unsupported?.(ref, at, world())).toMatch(
      /^Event source mapping s → f has startingPosition AT_TIMESTAMP, which/,
    );
    expect(mapping.unsupported?.(ref, at, world({ atTimestampNeverDelivers: false }))).toBeUndefined();
  });
});

test.each<[string, DeclaredMapping | undefined, SeenMapping[], Held, string | RegExp]>([
  ['as declared: TRIM_HORIZON stands for LATEST', declared, [enabled], records, 'nothing'],
  ['with the filter that stands for LATEST', declared, [{ ...enabled, since: 1 }], records, 'nothing'],
  ['made by others at LATEST', declared, [{ ...enabled, startingPosition: 'LATEST' }], records, 'nothing'],
  ['Creating', declared, [{ ...enabled, state: 'Creating' }], 'none', 'wait for it to be Enabled, now Creating'],
  [
    'Disabling as declared',
    { ...declared, enabled: false },
    [{ ...enabled, state: 'Disabling' }],
    'none',
    'wait for it to be Disabled, now Disabling',
  ],
  ['Disabled as declared', { ...declared, enabled: false }, [{ ...enabled, state: 'Disabled' }], 'none', 'nothing'],
  ['Disabled by hand', declared, [{ ...enabled, state: 'Disabled' }], 'none', 'UpdateEventSourceMapping (enabled)'],
  [
    'an earlier one Deleting',
    declared,
    [{ ...enabled, state: 'Deleting' }],
    'none',
    'wait for an earlier one to be gone, now u1 Deleting',
  ],
  [
    'other settings, empty stream',
    { ...declared, batchSize: 5 },
    [enabled],
    'none',
    'UpdateEventSourceMapping (batchSize)',
  ],
  [
    'other settings: the replay is said',
    { ...declared, batchSize: 5 },
    [enabled],
    records,
    /^UpdateEventSourceMapping \(batchSize\) warning: this engine restarts .* TRIM_HORIZON .*: the records still in the stream are delivered again$/,
  ],
  [
    'since the filter only',
    { ...declared, batchSize: 5 },
    [{ ...enabled, since: 0 }],
    records,
    /in the stream that arrived since 1970-01-01T00:00:00.000Z are delivered again$/,
  ],
  [
    'the loss at LATEST is said',
    { ...declared, batchSize: 5 },
    [{ ...enabled, startingPosition: 'LATEST' }],
    records,
    /warning: .* can be lost$/,
  ],
  [
    'no replay when it ends disabled',
    { ...declared, enabled: false },
    [enabled],
    records,
    'UpdateEventSourceMapping (enabled)',
  ],
  [
    'to TRIM_HORIZON from LATEST’s filter',
    { ...declared, startingPosition: 'TRIM_HORIZON' },
    [{ ...enabled, since: 1 }],
    'none',
    'UpdateEventSourceMapping (filters)',
  ],
  [
    'to TRIM_HORIZON from LATEST',
    { ...declared, startingPosition: 'TRIM_HORIZON' },
    [{ ...enabled, startingPosition: 'LATEST' }],
    'none',
    /^fail: .* starts at LATEST and the definition says TRIM_HORIZON, which cannot be changed: it needs a new mapping/,
  ],
  [
    'twice',
    declared,
    [enabled, { ...enabled, uuid: 'u2' }],
    'none',
    /^fail: .* was expected once, but there are 2, .*: u1, u2; delete all but one/,
  ],
  ['removal', undefined, [enabled], 'none', /^DeleteEventSourceMapping/],
  [
    'removal of one that is Disabled',
    undefined,
    [{ ...enabled, state: 'Disabled' }],
    'none',
    /^UpdateEventSourceMapping \(Enabled with a filter that lets no record through/,
  ],
  ['removal under way', undefined, [{ ...enabled, state: 'Deleting' }], 'none', 'wait for it to be gone, now Deleting'],
  ['removed', undefined, [], 'none', 'nothing'],
])('%s', (_, wanted, mappings, held, expected) => {
  const decided = told(decide(wanted, mappings, held));
  expected instanceof RegExp ? expect(decided).toMatch(expected) : expect(decided).toBe(expected);
});

test('an update keeps the arrival time that stands for LATEST', () => {
  const decision = decide({ ...declared, batchSize: 5 }, [{ ...enabled, since: 7 }], records);
  expect(JSON.stringify(decision)).toContain(
    'approximateArrivalTimestamp\\\\\\":[{\\\\\\"numeric\\\\\\":[\\\\\\">=\\\\\\",7]}]'.replaceAll('\\\\\\', '\\'),
  );
});

test.each([
  [[], 1],
  [[{ data: { type: ['a'] } }], 2],
  [[{ data: { type: ['a'] } }, { partitionKey: ['b'] }], 3.5],
  [[{ kinesis: { partitionKey: ['b'] } }], 4],
])('withoutArrival takes off what withArrival put on: %o', (filters, seconds) => {
  expect(withoutArrival(withArrival(filters, '>=', seconds))).toEqual({ filters, since: seconds });
  expect(withoutArrival(filters)).toEqual({ filters });
});

describe('a stream that was made anew', () => {
  const later = { ...stream, madeAt: MADE_AT + 1_000 };
  const anew =
    'DeleteEventSourceMapping (its stream was made anew at 2023-11-14T22:13:11.500Z, and it keeps its place in the earlier one; it is made anew)';
  const off = { ...declared, enabled: false };
  test.each<[string, DeclaredMapping, Partial<SeenMapping>, SeenStream | undefined, object, string]>([
    ['made for it', declared, { madeFor: MADE_AT }, stream, {}, 'nothing'],
    ['made for it, as an engine rounds', declared, { madeFor: MADE_AT - 500 }, stream, {}, 'nothing'],
    ['made for it, by a clock an hour behind', declared, { madeFor: MADE_AT, modifiedAt: 1 }, stream, {}, 'nothing'],
    ['made for an earlier one', declared, { madeFor: MADE_AT }, later, {}, anew],
    ['the same, by a clock an hour ahead', declared, { madeFor: MADE_AT, modifiedAt: 2e12 }, later, {}, anew],
    ['by others, after it', declared, { modifiedAt: MADE_AT }, stream, {}, 'nothing'],
    ['by others, before it', declared, { modifiedAt: MADE_AT }, later, {}, anew],
    ['by others, the time unknown', declared, {}, later, {}, 'nothing'],
    ['the stream without a time', declared, { madeFor: 1 }, { ...stream, madeAt: undefined } as never, {}, 'nothing'],
    ['on an engine that copes', declared, { madeFor: 1 }, later, { pollerKeepsEarlierStream: false }, 'nothing'],
    ['Disabled, as declared', off, { madeFor: 1, state: 'Disabled' }, later, {}, 'nothing'],
    [
      'Disabled, where such a one cannot be removed',
      declared,
      { madeFor: 1, state: 'Disabled' },
      later,
      {},
      'UpdateEventSourceMapping (Enabled with a filter that lets no record through, since this engine never removes a mapping that is Disabled)',
    ],
    [
      'no stream',
      declared,
      { madeFor: MADE_AT },
      undefined,
      {},
      'DeleteEventSourceMapping (its stream is gone, and it would not read a new one; it is made anew)',
    ],
  ])('%s', (_, wanted, seen, stream, quirks, expected) => {
    const mappings = [{ ...enabled, ...seen }];
    expect(told(mapping.decide(ref, wanted, { mappings, ...(stream && { stream }) }, world(quirks)))).toBe(expected);
  });

  test('all that it holds is delivered: no filter keeps back what was put under the earlier mapping', () => {
    const decision = mapping.decide(ref, declared, { mappings: [], replaces: true, stream }, world());
    expect(decision).toMatchObject({
      do: 'send',
      why: expect.stringMatching(/TRIM_HORIZON in place of LATEST: what the stream holds was put while/),
      request: { input: { StartingPosition: 'TRIM_HORIZON', Tags: { 'ready-hooks:stream-made-at': String(MADE_AT) } } },
    });
    expect(JSON.stringify(decision)).not.toContain('approximateArrivalTimestamp');
  });
});

/** By the streams' names. */
const readyOf =
  (ready: [string, Ready][]) =>
  ({ kind, ref: { name = '' } }: Identity) =>
    kind === 'stream' ? new Map(ready).get(name) : undefined;

test.each<[string, [string, Ready][], boolean]>([
  ['made by this run just now', [['s', { seen: stream, createdAt: world().now - 1_000 }]], false],
  ['made by this run some time ago', [['s', { seen: stream, createdAt: world().now - 1_001 }]], true],
  ['seen ready, and not made by this run', [['s', { seen: stream }]], true],
  [
    'another that was made just now',
    [
      ['s', { seen: stream }],
      ['t', { seen: stream, createdAt: world().now }],
    ],
    true,
  ],
])('whether the stream is looked into: %s', async (_, ready, isAsked) => {
  const { run, calls } = scripted({ ListEventSourceMappings: { EventSourceMappings: [] }, ListShards: { Shards: [] } });
  const reader = { call: run.aws.call, options: {}, known: false, world: world(), ready: readyOf(ready) };
  expect(await mapping.observe(ref, reader, declared)).toEqual({ mappings: [], replaces: false, stream, held: 'none' });
  expect(calls).toEqual(['ListEventSourceMappings', ...(isAsked ? ['ListShards'] : [])]);
});
