import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { down, type UpOptions, up } from '../../src/local/index.ts';
import { apply } from '../../src/runtime/apply/apply.ts';
import { parsePipeline } from '../../src/runtime/definition/check.ts';
import { connect } from '../../src/runtime/engine/connect.ts';
import { filtersProblem } from '../../src/runtime/engine/filters.ts';
import { handled, recorder } from '../support/recorder.ts';

// Which filters work on which engine, counted by delivered records. filtersProblem must know each one that does not.
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-filters-'));
});
afterEach(async () => {
  await down({ dataDir });
  await rm(dataDir, { recursive: true, force: true });
});

const A = { k: 'a', n: 3, ip: '10.0.0.7', nil: null, tags: ['x', 'y'] };
const RECORDS = { a: JSON.stringify(A), b: '{"k":"b","n":7,"ip":"10.1.0.7","nil":1,"long":"abcdef"}', text: 'text' };
type Name = keyof typeof RECORDS;
/** Some pollers stop at a record without the field. Whether it is delivered is not compared: anything-but differs. */
const WITHOUT = '{"other":1}';

const or = (...patterns: object[]) => ({ $or: patterns });
const k = (...conditions: unknown[]) => ({ data: { k: conditions } });
const every: Name[] = ['a', 'b', 'text'];

/** Each filter with the records that it is meant to match. */
const FILTERS: [filter: Record<string, unknown>, matches: Name[]][] = [
  [k('a'), ['a']],
  [{ partitionKey: ['a'] }, ['a']],
  [{ kinesis: { partitionKey: ['a'] } }, ['a']],
  [{ sequenceNumber: [{ exists: true }] }, every],
  [{ kinesis: { sequenceNumber: [{ exists: true }] } }, every],
  [{ approximateArrivalTimestamp: [{ numeric: ['>', 0] }] }, every],
  [{ kinesis: { approximateArrivalTimestamp: [{ numeric: ['>', 0] }] } }, every],
  [{ kinesisSchemaVersion: ['1.0'] }, every],
  [{ kinesis: { kinesisSchemaVersion: ['1.0'] } }, every],
  [{ kinesis: { data: [Buffer.from('text').toString('base64')] } }, ['text']],
  [{ kinesis: { data: { k: ['a'] } } }, ['a']],
  [{ eventID: [{ prefix: 'shardId-' }] }, every],
  [{ eventName: ['aws:kinesis:record'] }, every],
  [{ eventSource: ['aws:kinesis'] }, every],
  [{ eventVersion: ['1.0'] }, every],
  [{ eventSourceARN: [{ prefix: 'arn:aws:kinesis' }] }, every],
  [{ awsRegion: ['us-east-1'] }, every],
  [{ invokeIdentityArn: [{ prefix: 'arn:' }] }, every],
  [or(k('a'), k('z')), ['a']],
  [{ data: or({ k: ['a'] }, { k: ['z'] }) }, ['a']],
  [or({ kinesis: { partitionKey: ['a'] } }, { kinesis: { partitionKey: ['z'] } }), ['a']],
  [or({ partitionKey: ['a'] }, { partitionKey: ['z'] }), ['a']],
  [{ ...k({ exists: true }), ...or(k('a'), k('z')) }, ['a']],
  [k({ prefix: 'a' }), ['a']],
  [k({ suffix: 'a' }), ['a']],
  [k({ 'equals-ignore-case': 'A' }), ['a']],
  [k({ exists: true }), ['a', 'b']],
  [{ data: { long: [{ exists: false }] } }, ['a']],
  [{ data: { long: [{ wildcard: 'ab*ef' }] } }, ['b']],
  [{ data: { n: [{ numeric: ['>', 0, '<', 5] }] } }, ['a']],
  [{ data: { ip: [{ cidr: '10.0.0.0/24' }] } }, ['a']],
  [{ data: { nil: [null] } }, ['a']],
  [{ data: { tags: ['x'] } }, ['a']],
  [k({ 'anything-but': ['b'] }), ['a']],
  [k({ 'anything-but': { prefix: 'b' } }), ['a']],
  [k({ prefix: { 'equals-ignore-case': 'A' } }), ['a']],
  [k({ suffix: { 'equals-ignore-case': 'A' } }), ['a']],
];

const ENGINES: UpOptions[] = [{ version: '4.14.0' }, { engine: 'localemu' }, { engine: 'ministack' }];
/** Their results do not change: they run with `READY_HOOKS_ALL_ENGINES=1`, 40 s each. */
const FROZEN: UpOptions[] = ['2026.3.0', '4.8.1', '4.2.0', '3.8.1'].map((version) => ({ version }));
const engines = process.env['READY_HOOKS_ALL_ENGINES'] ? [...ENGINES, ...FROZEN] : ENGINES;

test.each(engines)('%o', { timeout: 300_000 }, async (options) => {
  // LocalStack's default: ten times a second, so many mappings would keep a core busy.
  const env = { LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: '1' };
  const engine = await up({ port: 0, dataDir, env, ...options });
  const { endpoint } = engine;
  // On MiniStack, a condition in a condition stops every mapping, and a value in a list never matches.
  const safe = FILTERS.filter(
    ([filter]) => engine.product !== 'ministack' || !/fix":\{|"tags"/.test(JSON.stringify(filter)),
  );
  const cases = safe.map(([filter, matches], index) => ({
    filter,
    matches: [...matches].sort(),
    name: `filter-${index}`,
    problem: filtersProblem([filter], engine),
  }));
  const Runtime = engine.version === '3.8.1' ? { runtime: 'nodejs20.x' } : {};
  const pipeline = parsePipeline(
    {
      buckets: Object.fromEntries(cases.map(({ name }) => [name, {}])),
      streams: { filtered: { shardCount: 1 } },
      functions: Object.fromEntries(
        cases.map(({ name }) => [name, { zip: 'x.zip', buckets: { BUCKET: name }, ...Runtime }]),
      ),
    } as never,
    'filters',
  );
  const codes = new Map(cases.map(({ name }) => [name, recorder]));
  expect((await apply({ name: 'filters', pipeline, codes }, { endpoint })).failures).toEqual({});
  const aws = await connect({ endpoint, region: 'us-east-1', account: '000000000000' });
  const Records = Object.entries({ without: WITHOUT, ...RECORDS }).map(([key, data]) => ({
    PartitionKey: key,
    Data: Buffer.from(data),
  }));
  await aws.call('PutRecords', { StreamName: 'filtered', Records });
  for (const { name: FunctionName, filter } of cases)
    await aws.call('CreateEventSourceMapping', {
      FunctionName,
      EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/filtered',
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(filter) }] },
    });
  aws.close();
  const delivered = async (name: string) =>
    [...(await handled(endpoint, name)).keys()]
      .filter((data) => !data.includes('other'))
      .map((data) => (data === 'text' ? 'text' : (JSON.parse(data) as { k: Name }).k))
      .sort();
  const live = cases.filter(({ problem }) => !problem);
  const table = async () =>
    Promise.all(live.map(async ({ name, filter }) => [JSON.stringify(filter), await delivered(name)]));
  const expected = live.map(({ filter, matches }) => [JSON.stringify(filter), matches]);
  await vi.waitFor(async () => expect(await table()).toEqual(expected), { timeout: 40_000, interval: 500 });
  for (const { name, matches, filter, problem } of cases.filter(({ problem }) => problem))
    expect(await delivered(name), `${JSON.stringify(filter)}: ${problem?.problem}`).not.toEqual(matches);
});
