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
import { declaredMapping, seenMapping } from '../../../support/declared.ts';
import { scripted } from '../apply/fake.ts';
import { textOf, world } from './world.ts';

const ref = { stream: 's', function: 'f' };
const declared = declaredMapping({ batchSize: 10_000, reportBatchItemFailures: true });
const enabled = seenMapping({ batchSize: 10_000, reportBatchItemFailures: true });
/** 10 s before the world's now. */
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

describe('starting position', () => {
  const start = (position: DeclaredMapping['startingPosition'], held: Held, quirks = {}) => {
    const decision = decide({ ...declared, startingPosition: position }, [], held, quirks);
    if (decision.do !== 'send') throw new Error(textOf(decision));
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
  test('without such a filter on the engine, warns of the loss', () => {
    expect(start('LATEST', records, { filtersArrivalTime: false })).toMatch(
      /^LATEST the stream already has records, and .* can miss/,
    );
  });
  test('warns of a record from the future, because a clock may have been set back', () => {
    expect(start('LATEST', { newestAt: 1_700_000_003_000 })).toMatch(
      /arrived at 2023-11-14T22:13:23.000Z, 3 s ahead of this/,
    );
  });
  test('warns on Floci, which reads every stream from its start, that existing records are delivered too', () => {
    const floci = PRODUCTS.floci.quirks;
    expect(start('LATEST', 'none', floci)).toBe('LATEST');
    expect(start('LATEST', records, floci)).toMatch(/^LATEST the stream already has records, and .* delivered too$/);
    const at = { ...declared, startingPosition: 'AT_TIMESTAMP' as const };
    expect(mapping.unsupported?.(ref, at, world(floci))).toMatch(/AT_TIMESTAMP, which this engine ignores/);
  });
  test('ignores differences in settings that the engine does not store', () => {
    const wanted = { ...declared, maximumRetryAttempts: 5, tumblingWindowSeconds: 60 };
    expect(textOf(decide(wanted, [enabled], 'none', PRODUCTS.floci.quirks))).toBe('nothing');
    expect(decide({ ...wanted, batchSize: 7 }, [enabled], 'none', PRODUCTS.floci.quirks)).toMatchObject({
      why: 'batchSize',
    });
  });
  test('the stream’s records must be known', () => {
    expect(textOf(decide(declared, [], 'unknown'))).toBe(
      'wait for the stream to return its records, now only empty responses before its end',
    );
    expect(textOf(decide({ ...declared, startingPosition: 'TRIM_HORIZON' }, [], 'unknown'))).toMatch(/^CreateEvent/);
  });
  test('rejects AT_TIMESTAMP if the engine never delivers with it', () => {
    const at = { ...declared, startingPosition: 'AT_TIMESTAMP' as const };
    expect(mapping.unsupported?.(ref, at, world())).toMatch(
      /^Event source mapping s → f has startingPosition AT_TIMESTAMP, which/,
    );
    expect(mapping.unsupported?.(ref, at, world({ atTimestampNeverDelivers: false }))).toBeUndefined();
    expect(
      mapping.unsupported?.(ref, at, world({ atTimestampNeverDelivers: false, atTimestampIsLatest: true })),
    ).toMatch(/AT_TIMESTAMP, which this engine takes for LATEST: use LATEST or TRIM_HORIZON\.$/);
  });
});

test.each<[string, DeclaredMapping | undefined, SeenMapping[], Held, string | RegExp]>([
  ['as declared: TRIM_HORIZON stands for LATEST', declared, [enabled], records, 'nothing'],
  ['with the filter that stands for LATEST', declared, [{ ...enabled, since: 1 }], records, 'nothing'],
  ['created by another tool at LATEST', declared, [{ ...enabled, startingPosition: 'LATEST' }], records, 'nothing'],
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
    'wait for an earlier mapping to be deleted, now u1 Deleting',
  ],
  [
    'other settings, empty stream',
    { ...declared, batchSize: 5 },
    [enabled],
    'none',
    'UpdateEventSourceMapping (batchSize)',
  ],
  [
    'other settings: warns of the replay',
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
    'warns of the loss at LATEST',
    { ...declared, batchSize: 5 },
    [{ ...enabled, startingPosition: 'LATEST' }],
    records,
    /warning: .* can be lost$/,
  ],
  [
    'no replay if it ends up disabled',
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
    /^fail: .* starts at LATEST, but the definition says TRIM_HORIZON, which needs a new mapping: delete/,
  ],
  [
    'twice',
    declared,
    [enabled, { ...enabled, uuid: 'u2' }],
    'none',
    /^fail: .* was expected once but exists 2 times, .*: u1, u2; delete all but one/,
  ],
  ['removal', undefined, [enabled], 'none', /^DeleteEventSourceMapping/],
  [
    'removal of a Disabled one',
    undefined,
    [{ ...enabled, state: 'Disabled' }],
    'none',
    /^UpdateEventSourceMapping \(enabled with a filter that matches no record/,
  ],
  [
    'removal under way',
    undefined,
    [{ ...enabled, state: 'Deleting' }],
    'none',
    'wait for it to be deleted, now Deleting',
  ],
  ['removed', undefined, [], 'none', 'nothing'],
])('%s', (_, wanted, mappings, held, expected) => {
  const decided = textOf(decide(wanted, mappings, held));
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
])('withoutArrival undoes withArrival: %o', (filters, seconds) => {
  expect(withoutArrival(withArrival(filters, '>=', seconds))).toEqual({ filters, since: seconds });
  expect(withoutArrival(filters)).toEqual({ filters });
});

describe('a re-created stream', () => {
  const later = { ...stream, madeAt: MADE_AT + 1_000 };
  const recreate =
    'DeleteEventSourceMapping (its stream was re-created at 2023-11-14T22:13:11.500Z, but it keeps its position in the old one; re-creating it)';
  const off = { ...declared, enabled: false };
  test.each<[string, DeclaredMapping, Partial<SeenMapping>, SeenStream | undefined, object, string]>([
    ['created for it', declared, { madeFor: MADE_AT }, stream, {}, 'nothing'],
    ['created for it, with the engine’s rounding', declared, { madeFor: MADE_AT - 500 }, stream, {}, 'nothing'],
    ['created for it, by a clock an hour behind', declared, { madeFor: MADE_AT, modifiedAt: 1 }, stream, {}, 'nothing'],
    ['created for an earlier one', declared, { madeFor: MADE_AT }, later, {}, recreate],
    ['the same, by a clock an hour ahead', declared, { madeFor: MADE_AT, modifiedAt: 2e12 }, later, {}, recreate],
    ['by another tool, after it', declared, { modifiedAt: MADE_AT }, stream, {}, 'nothing'],
    ['by another tool, before it', declared, { modifiedAt: MADE_AT }, later, {}, recreate],
    ['by another tool, at an unknown time', declared, {}, later, {}, 'nothing'],
    ['the stream has no time', declared, { madeFor: 1 }, { ...stream, madeAt: undefined } as never, {}, 'nothing'],
    ['on an engine without the quirk', declared, { madeFor: 1 }, later, { pollerKeepsEarlierStream: false }, 'nothing'],
    ['Disabled, as declared', off, { madeFor: 1, state: 'Disabled' }, later, {}, 'nothing'],
    [
      'Disabled, on an engine that cannot delete it then',
      declared,
      { madeFor: 1, state: 'Disabled' },
      later,
      {},
      'UpdateEventSourceMapping (enabled with a filter that matches no record, because this engine never deletes a Disabled mapping)',
    ],
    [
      'no stream',
      declared,
      { madeFor: MADE_AT },
      undefined,
      {},
      'DeleteEventSourceMapping (its stream was deleted, and it would not read a new one; re-creating it)',
    ],
  ])('%s', (_, wanted, seen, stream, quirks, expected) => {
    const mappings = [{ ...enabled, ...seen }];
    expect(textOf(mapping.decide(ref, wanted, { mappings, ...(stream && { stream }) }, world(quirks)))).toBe(expected);
  });

  test('delivers all of the stream: no filter skips records put while the earlier mapping existed', () => {
    const decision = mapping.decide(ref, declared, { mappings: [], replaces: true, stream }, world());
    expect(decision).toMatchObject({
      do: 'send',
      why: expect.stringMatching(/LATEST sent as TRIM_HORIZON: the stream's records were put while/),
      request: { input: { StartingPosition: 'TRIM_HORIZON', Tags: { 'ready-hooks:stream-made-at': String(MADE_AT) } } },
    });
    expect(JSON.stringify(decision)).not.toContain('approximateArrivalTimestamp');
  });
});

/** By stream name. */
const readyOf =
  (ready: [string, Ready][]) =>
  ({ kind, ref: { name = '' } }: Identity) =>
    kind === 'stream' ? new Map(ready).get(name) : undefined;

test.each<[string, [string, Ready][], boolean]>([
  ['created by this run just now', [['s', { seen: stream, createdAt: world().now - 1_000 }]], false],
  ['created by this run some time ago', [['s', { seen: stream, createdAt: world().now - 1_001 }]], true],
  ['seen ready, but not created by this run', [['s', { seen: stream }]], true],
  [
    'another stream created just now',
    [
      ['s', { seen: stream }],
      ['t', { seen: stream, createdAt: world().now }],
    ],
    true,
  ],
])('whether the stream is read: %s', async (_, ready, isRead) => {
  const { run, calls } = scripted({ ListEventSourceMappings: { EventSourceMappings: [] }, ListShards: { Shards: [] } });
  const reader = { call: run.aws.call, options: {}, known: false, world: world(), ready: readyOf(ready) };
  expect(await mapping.observe(ref, reader, declared)).toEqual({ mappings: [], replaces: false, stream, held: 'none' });
  expect(calls).toEqual(['ListEventSourceMappings', ...(isRead ? ['ListShards'] : [])]);
});
