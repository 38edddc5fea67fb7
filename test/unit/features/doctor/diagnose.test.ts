import { expect, test } from 'vitest';
import { diagnose } from '../../../../src/features/doctor/diagnose.ts';
import {
  type Facts,
  type FunctionFacts,
  type LogEvent,
  parseStreamArn,
} from '../../../../src/features/doctor/facts.ts';
import { parseLog } from '../../../../src/features/doctor/log.ts';
import { engineTimes } from '../../../../src/features/doctor/read-facts.ts';
import { reasonOf } from '../../../../src/features/doctor/read-mappings.ts';
import type { ResourceStatus } from '../../../../src/features/status/status.ts';
import { type Identity, keyOf } from '../../../../src/runtime/identity.ts';
import { labelOf } from '../../../../src/runtime/plan.ts';
import { ARN, facts, log, lost, mapping, take } from './facts.ts';

const codes = (given: Facts) => diagnose(given).map(({ code }) => code);
const request = (operation: 'CreateStream' | 'DeleteStream', status: number, error?: string): LogEvent => ({
  type: 'request',
  operation,
  status,
  ...(error && { error }),
});
const deleted = request('DeleteStream', 200);
const restarted: LogEvent = { type: 'kinesis-restarted', line: 'Restarting process' };
const inUse = request('CreateStream', 400, 'ResourceInUseException');
const limit = request('CreateStream', 400, 'LimitExceededException');
const read: LogEvent = { type: 'not-found', arn: ARN, operation: 'GetRecords' };
const neverFound: LogEvent = { type: 'not-found', arn: ARN, operation: 'DescribeStream' };
const created = request('CreateStream', 200);

test('a healthy mapping, function and engine have no findings', () => {
  expect(codes(facts({ mappings: [mapping()], functions: [take()] }))).toEqual([]);
});

test.each<[string, string, string[], LogEvent[]]>([
  ['an empty log', '4.2.0', ['RH101', 'RH502'], []],
  ['a stream that was never found', '4.2.0', ['RH101', 'RH502'], [neverFound]],
  ['a rejected CreateStream', '4.2.0', ['RH102', 'RH502'], [limit, neverFound]],
  ['deleted, then re-created at once', '4.14.0', ['RH106'], [created, deleted, created, read]],
  ['deleted, then CreateStream rejected', '4.14.0', ['RH107'], [created, deleted, inUse, read]],
  ['deleted', '4.14.0', ['RH108'], [created, deleted, read]],
  ['read earlier, without a deletion in the log', '4.2.0', ['RH108', 'RH502'], [read]],
  ['an empty log of a version that rejects mappings without a stream', '4.14.0', ['RH108'], []],
  ['the Kinesis engine restarted', '4.14.0', ['RH109'], [created, restarted, read]],
  ['restarted, then deleted', '4.14.0', ['RH108'], [restarted, created, deleted, read]],
])('missing stream: %s (%s) → %j', (_, version, expected, events) => {
  expect(codes(facts({ mappings: [lost()], functions: [take()], log: log(...events) }, version))).toEqual(expected);
});

test('RH118 is found by a log line of the Kinesis engine under Node.js 26', () => {
  const line =
    '2026-11-25T01:16:27.079  INFO --- [-functhread1] l.s.k.kinesis_mock_server  : Service raised an error <ref *1> org.http4s.ember.core.EmberException$ReadTimeout: Read timeout after 60 seconds';
  const given = (text: string) => codes(facts({ mappings: [mapping()], log: log(...parseLog(text)) }));
  expect(given(line)).toEqual(['RH118']);
  expect(given('org.http4s.ember.core.EmberException$ReadTimeout on an idle connection')).toEqual([]);
});

const AT = Date.parse('2026-11-30T12:00:00Z');
const failing = { at: AT - 180_000, calls: 2, errors: 2, lastError: { at: AT - 130_000, text: 'Error: x' } };

test.each<[string, Partial<FunctionFacts>, string[]]>([
  ['still failing', { modifiedAt: AT - 600_000, recentCalls: failing }, ['RH205']],
  ['fixed a moment ago', { modifiedAt: AT - 20_000, recentCalls: failing }, ['RH123']],
  ['fixed a moment ago, and called since', { modifiedAt: AT - 20_000, recentCalls: { ...failing, errors: 1 } }, []],
  ['fixed before the longest pause', { modifiedAt: AT - 100_000, recentCalls: failing }, []],
  ['fixed, on an engine without calls', { modifiedAt: AT - 20_000 }, []],
])('RH123: a function that is %s', (_, changes, expected) => {
  expect(codes(facts({ mappings: [mapping()], functions: [take(changes)] }))).toEqual(expected);
});

test.each<[string, string, string, string[]]>([
  ['a moment ago, in UTC', '2026-11-30T11:59:30.100', ARN, ['RH123']],
  ['long ago', '2026-11-30T10:59:30.100', ARN, []],
  ['a moment ago, for another stream', '2026-11-30T11:59:30.100', `${ARN}-2`, []],
])('RH123: the poller failed %s', (_, time, arn, expected) => {
  const line = `localstack-1  | ${time} ERROR --- [functhread17] l.s.l.e.esm_worker         : Error while polling messages for event source ${arn}: An error occurred (ResourceNotFoundException)`;
  expect(codes(facts({ mappings: [mapping()], log: log(...parseLog(line)) }))).toEqual(expected);
});

test.each<[string, LogEvent[], string[]]>([
  ['without a log', [], ['RH117']],
  ['that no poller found before', [neverFound], []],
  ['that a poller read and then lost', [neverFound, read], ['RH117']],
])('a mapping older than its stream, %s', (_, events, expected) => {
  const older = mapping({ modifiedAt: AT - 60_000, streamCreatedAt: AT });
  expect(codes(facts({ mappings: [older], log: log(...events) }))).toEqual(expected);
});

test('RH123: a mapping that never delivers is not one that waits', () => {
  const line = `2026-11-30T11:59:30.100 ERROR --- Error while polling messages for event source ${ARN}: 'StartingPositionTimestamp'`;
  const given = mapping({ startingPosition: 'AT_TIMESTAMP' });
  expect(codes(facts({ mappings: [given], log: log(...parseLog(line)) }))).toEqual(['RH111']);
});

test('RH406: an address with a public name', () => {
  expect(codes(facts({}, '4.14.0', { endpoint: 'https://localhost.localstack.cloud:4566' }))).toEqual(['RH406']);
});

test('a filter that matches nothing, and records dropped by a filter on data', () => {
  const onKey = mapping({ filters: [{ partitionKey: ['a'] }] });
  expect(codes(facts({ mappings: [onKey] }))).toEqual(['RH119']);
  const line =
    "WARN --- l.s.l.e.p.kinesis_poller : Unable to convert event data 'dGV4dA==' to json... Record will be dropped.";
  const onData = mapping({ filters: [{ data: { k: ['a'] } }] });
  expect(codes(facts({ mappings: [onData] }))).toEqual([]);
  expect(codes(facts({ mappings: [onData], log: log(...parseLog(line)) }))).toEqual(['RH120']);
  expect(codes(facts({ mappings: [mapping()], log: log(...parseLog(line)) }))).toEqual([]);
});

test.each<[string, string[], string]>([
  ['another region', ['arn:aws:kinesis:eu-west-1:000000000000:stream/orders'], 'RH103'],
  ['another account', ['arn:aws:kinesis:us-east-1:111111111111:stream/orders'], 'RH104'],
])('the stream is in %s', (_, elsewhere, expected) => {
  expect(codes(facts({ mappings: [lost({ elsewhere })], functions: [take()], log: log(deleted) }))).toEqual([expected]);
});

test.each<[string, boolean, string, string]>([
  ['arn:aws:kinesis:eu-west-1:000000000000:stream/orders', false, 'stops', 'stream orders in eu-west-1'],
  ['arn:aws:kinesis:eu-west-1:000000000000:stream/orders', true, 'warns', 'stream orders in eu-west-1'],
  [
    'arn:aws:kinesis:us-east-1:111111111111:stream/orders',
    false,
    'stops',
    'stream orders in account 111111111111, us-east-1',
  ],
])('records in %s, and in its own stream: %s', (arn, readHolds, severity, subject) => {
  const read = mapping().stream;
  const stray = { stream: parseStreamArn(arn) ?? read, read, readHolds };
  expect(diagnose(facts({ mappings: [mapping()], functions: [take()], strays: [stray] }))).toMatchObject([
    { code: 'RH122', severity, subject },
  ]);
});

// Only paid persistence restores Lambda: these answers imitate LocalStack Pro and were not recorded on it.
test('RH110 is found when a licensed engine restored its mappings but not its streams (facts written by hand)', () => {
  const info = { is_license_activated: true, uptime: 60, server_time_utc: '2026-11-23T08:00:00' };
  const engine = engineTimes(info);
  expect(engine).toEqual({ licensed: true, startedAt: Date.parse('2026-11-23T07:59:00Z') });
  const modifiedAt = Date.parse('2026-11-22T12:00:00Z');
  const given = (changes: object) => facts({ mappings: [lost({ modifiedAt })] }, '2026.3.0', { ...engine, ...changes });
  expect(codes(given({}))).toEqual(['RH110']);
  expect(codes(given({ licensed: false }))).toEqual(['RH108']);
});

test.each<[string, Partial<Facts>, string[]]>([
  [
    'a role in another account',
    { mappings: [mapping()], functions: [take({ roleAccount: '222222222222' })] },
    ['RH105'],
  ],
  ['AT_TIMESTAMP', { mappings: [mapping({ startingPosition: 'AT_TIMESTAMP' })] }, ['RH111']],
  ['LATEST', { mappings: [mapping({ startingPosition: 'LATEST' })] }, ['RH115']],
  ['Disabled', { mappings: [mapping({ state: 'Disabled' })] }, ['RH112']],
  ['Deleting', { mappings: [mapping({ state: 'Deleting' })] }, ['RH112']],
  ['CREATING', { mappings: [mapping({ streamStatus: 'CREATING' })] }, ['RH113']],
  ['created for this stream', { mappings: [mapping({ madeFor: 5_000, streamCreatedAt: 5_000 })] }, []],
  ['created for an earlier stream', { mappings: [mapping({ madeFor: 5_000, streamCreatedAt: 9_000 })] }, ['RH117']],
  ['older than the stream', { mappings: [mapping({ modifiedAt: 5_000, streamCreatedAt: 9_000 })] }, ['RH117']],
  ['a duplicate mapping', { mappings: [mapping(), mapping({ uuid: 'u-2' })] }, ['RH114']],
  ['Failed', { functions: [take({ state: 'Failed', reason: 'no image' })] }, ['RH201']],
  ['a failed update', { functions: [take({ updateStatus: 'Failed' })] }, ['RH201']],
  ['only failing calls', { functions: [take({ recentCalls: { at: 0, calls: 2, errors: 2 } })] }, ['RH205']],
  ['some failing calls', { functions: [take({ recentCalls: { at: 0, calls: 2, errors: 1 } })] }, []],
  ['Pending', { functions: [take({ state: 'Pending' })] }, ['RH202']],
  ['a missing function', { functions: [{ name: 'take', account: '000000000000', region: 'us-east-1' }] }, ['RH203']],
])('%s', (_, changes, expected) => {
  expect(codes(facts(changes))).toEqual(expected);
});

const failed = (at: number, lastError?: { at: number; text: string }) => ({
  at,
  calls: 2,
  errors: 2,
  ...(lastError && { lastError }),
});
test.each<[string, Partial<FunctionFacts>, string[]]>([
  ['in the minute before the update', { recentCalls: failed(0), modifiedAt: 60_001 }, []],
  ['perhaps after the update', { recentCalls: failed(0), modifiedAt: 59_999 }, ['RH205']],
  ['by its log before the update', { recentCalls: failed(0, { at: 10, text: 'x' }), modifiedAt: 11 }, []],
  ['by its log after the update', { recentCalls: failed(0, { at: 12, text: 'x' }), modifiedAt: 11 }, ['RH205']],
])('a function that failed %s', (_, changes, expected) => {
  expect(codes(facts({ functions: [take(changes)] }))).toEqual(expected);
});

test('RH205 quotes the last error, and prints a command for its region', () => {
  const recentCalls = failed(0, { at: 10, text: 'Error: boom' });
  const [found] = diagnose(facts({ functions: [take({ region: 'eu-west-1', recentCalls })] }));
  expect(found?.evidence).toContain('the last error, at 1970-01-01T00:00:00.010Z: Error: boom');
  expect(found?.fix).toContain('npx ready-hooks tail take --since 15m --region eu-west-1 --account 000000000000');
});

test('a duplicate mapping: one command for each to delete', () => {
  const [found] = diagnose(facts({ mappings: [mapping(), mapping({ uuid: 'u-2' }), mapping({ uuid: 'u-3' })] }));
  expect(found?.fix.match(/--uuid \S+/g)).toEqual(['--uuid u-2;', '--uuid u-3']);
});

test('a missing resource: the fix applies its definition, or names its owner if it is declared as existing', () => {
  const identity = { kind: 'stream' as const, ref: { name: 'orders' } };
  const resources = [{ resource: 'stream orders', ...identity, state: 'waiting' as const }];
  const fix = (existing: string[]) =>
    diagnose(facts({ pipelines: [{ pipeline: '10-a', file: 'my/10-a.ts', existing, resources }] }))[0]?.fix;
  expect(fix([])).toMatch(/^run npx ready-hooks apply my\/10-a\.ts --endpoint http:\/\/e,/);
  expect(fix([keyOf(identity)])).toMatch(/^create it with the tool that owns it/);
});

test.each([
  [
    'Error while creating lambda: ',
    'GetFunction take: Error while creating lambda',
    /docker pull public\.ecr\.aws\/lambda\/nodejs:22/,
  ],
  ['Error while creating lambda: Docker not available', /Docker not available$/, /mount \/var\/run\/docker\.sock/],
  ['no space left', /no space left$/, /fix the cause shown above/],
])('RH201 shows the reason %j and its fix', (reason, evidence, fix) => {
  const [found] = diagnose(facts({ functions: [take({ state: 'Failed', reason })] }));
  expect(found?.evidence).toMatch(evidence);
  expect(found?.fix).toMatch(fix);
});

test.each([
  [{ lastUpdateStatus: 'Failed', stateReason: 'no Docker' }, 'no Docker'],
  [{ lastUpdateStatus: 'Failed', lastUpdateReason: 'no image', stateReason: 'no Docker' }, 'no image'],
  [{ lastUpdateStatus: 'Successful', lastUpdateReason: 'old', stateReason: 'no Docker' }, 'no Docker'],
  [{ lastUpdateStatus: 'Successful' }, undefined],
])('the reason in %j is %j', (seen, expected) => {
  expect(reasonOf(seen)).toBe(expected);
});

test('a declared resource is reported once: by its cause, or else by its state', () => {
  const stream: Identity = { kind: 'stream', ref: { name: 'orders' } };
  const pair: Identity = { kind: 'mapping', ref: { stream: 'orders', function: 'take' } };
  const pipelines = (identity: Identity, state: 'missing' | 'differs') => [
    { pipeline: '10-orders', resources: [{ resource: labelOf(identity), ...identity, state, detail: 'why' }] },
  ];
  expect(codes(facts({ pipelines: pipelines(stream, 'missing'), mappings: [lost()] }))).toEqual(['RH108']);
  expect(codes(facts({ pipelines: pipelines(stream, 'missing') }))).toEqual(['RH204']);
  expect(codes(facts({ pipelines: pipelines(pair, 'missing') }))).toEqual(['RH116']);
  expect(codes(facts({ pipelines: pipelines({ kind: 'function', ref: { name: 'take' } }, 'differs') }))).toEqual([
    'RH204',
  ]);
});

test('what is left over: RH121 for a mapping that still reads, even if another finding is about it, RH207 for all else', () => {
  const pair: Identity = { kind: 'mapping', ref: { stream: 'orders', function: 'take' } };
  const row = (identity: Identity, leftOver: object) => ({
    pipeline: '10-orders',
    resources: [{ resource: labelOf(identity), ...identity, state: 'left over' as const, leftOver }],
  });
  const reading = row(pair, { stillReads: true, command: 'npx ready-hooks apply 10-orders.ts --prune' });
  const given = facts({
    pipelines: [reading],
    mappings: [mapping({ startingPosition: 'LATEST' })],
    functions: [take()],
  });
  expect(codes(given)).toEqual(['RH121', 'RH115']);
  expect(diagnose(given)[0]?.fix).toBe('run npx ready-hooks apply 10-orders.ts --prune');
  const used = row({ kind: 'function', ref: { name: 'take' } }, { usedBy: 'event source mapping x → take (u)' });
  expect(diagnose(facts({ pipelines: [used] }))).toMatchObject([
    { code: 'RH207', fix: 'delete or declare event source mapping x → take (u), which uses it, and apply with prune' },
  ]);
});

test.each<[ResourceStatus['state'], string]>([
  ['differs', 'warns'],
  ['missing', 'stops'],
  ['waiting', 'stops'],
  ['failed', 'stops'],
])('a declared resource that is %s: %s', (state, severity) => {
  const resources = [{ resource: 'bucket b', kind: 'bucket' as const, ref: { name: 'b' }, state }];
  expect(diagnose(facts({ pipelines: [{ pipeline: '10-orders', resources }] }))).toMatchObject([
    { code: 'RH204', severity },
  ]);
});

test.each([
  ['2.3.2', ['RH501']],
  ['4.2.0', ['RH502']],
  ['4.3.0', []],
  ['', []],
])('version %j → %j', (version, expected) => {
  expect(codes(facts({ mappings: [mapping()], functions: [take()] }, version))).toEqual(expected);
});

test('MiniStack gets none of the LocalStack findings', () => {
  const engine = { product: 'ministack' as const, atTimestampNeverDelivers: false };
  const given = { mappings: [mapping({ startingPosition: 'AT_TIMESTAMP' })], functions: [take({ roleAccount: '1' })] };
  expect(codes(facts(given, '', engine))).toEqual([]);
});

test('the parser finds the relevant lines of a log', () => {
  const text = `2026-11-23T08:42:09.952  INFO --- [et.reactor-4] localstack.request.aws     : AWS kinesis.DeleteStream => 200
2026-11-23T08:42:09.975  INFO --- [et.reactor-6] localstack.request.aws     : AWS kinesis.CreateStream => 400 (ResourceInUseException)
2026-11-23T08:42:11.538  INFO --- [-functhread1] localstack.utils.run       : Restarting process (received exit code -9): ['node', PosixPath('/x/kinesis-local/main.js')]
2026-11-23T08:40:04.935  WARN --- [-functhread7] l.s.l.e.p.stream_poller    : Source stream ${ARN} does not exist: An error occurred (ResourceNotFoundException) when calling the GetRecords operation: Stream arn ${ARN} not found
2026-11-23T08:42:14.566  INFO --- [et.reactor-3] localstack.request.aws     : AWS kinesis.ListStreams => 200`;
  expect(parseLog(text)).toMatchObject([deleted, inUse, { type: 'kinesis-restarted' }, read]);
});
