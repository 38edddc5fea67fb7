import { describe, expect, test } from 'vitest';
import type { Decision } from '../../../../src/runtime/resources/kind.ts';
import {
  cleanUp,
  probeBucket,
  probeId,
  type Verification,
  verify,
} from '../../../../src/runtime/resources/mapping/probe.ts';
import { probeProgress } from '../../../../src/runtime/resources/mapping/probe-progress.ts';
import type { SeenMapping } from '../../../../src/runtime/resources/mapping/update.ts';
import { seenMapping } from '../../../support/declared.ts';
import { scripted } from '../apply/fake.ts';
import { textOf, world } from './world.ts';

const ref = { stream: 's', function: 'f' };
const found = seenMapping();
const nothing: Decision = { do: 'nothing' };
const waiting: Decision = { do: 'wait', until: 'for it to be Enabled', seen: 'Creating' };
const failed: Decision = { do: 'fail', problem: 'so' };
const send = (effect: 'create' | 'update'): Decision => ({
  do: 'send',
  effect,
  why: 'as declared',
  request: { operation: 'UpdateEventSourceMapping', input: { UUID: 'u1' } },
});
const started: Verification = { acknowledged: [], verified: false, hashKeys: ['0', '9'] };
const acknowledged = { ...started, acknowledged: [probeId(found)] };
const stale = { ...started, acknowledged: ['u0-before'] };

test.each<[string, Decision, Verification | undefined, string]>([
  ['nothing to do, none started: verified when it was created', nothing, undefined, 'nothing'],
  ['to be created: first the bucket, for the next run to see', send('create'), undefined, 'CreateBucket'],
  ['to be changed: the same', send('update'), undefined, 'CreateBucket'],
  ['then the mapping', send('create'), started, 'UpdateEventSourceMapping'],
  ['first deletes the acknowledgements to another mapping', send('update'), stale, 'DeleteObjects'],
  ['not yet Enabled', waiting, started, 'wait'],
  ['an impossible mapping', failed, started, 'fail'],
  ['Enabled: probes', nothing, started, 'PutRecords'],
  ['an acknowledgement to another mapping', nothing, stale, 'PutRecords'],
  ['the acknowledgement', nothing, acknowledged, 'PutBucketTagging'],
  ['cleanup: acknowledgements', nothing, { ...acknowledged, verified: true }, 'DeleteObjects'],
  ['cleanup: the bucket', nothing, { ...started, verified: true }, 'DeleteBucket'],
  ['first cleans up an earlier verification', send('update'), { ...acknowledged, verified: true }, 'DeleteObjects'],
])('%s', (_, decision, seen, expected) => {
  expect(
    textOf(verify(ref, found, decision, seen, world()))
      .split(' ')[0]
      ?.replace(':', ''),
  ).toBe(expected);
});

const arn = 'arn:aws:lambda:us-east-1:000000000000:event-source-mapping:u1';
const before = { ...found, arn, tags: {} };
const marked = { ...found, arn, tags: { 'ready-hooks:verify-delivery': 'true' } };
test.each<[string, SeenMapping, Verification | undefined, string]>([
  ['that gets verifyDelivery: first the bucket', before, undefined, 'CreateBucket (collects'],
  ['then probes', before, started, 'PutRecords'],
  ['after the acknowledgement: remembers it', before, acknowledged, 'TagResource'],
  ['then ends the verification', marked, acknowledged, 'PutBucketTagging'],
  ['that has been verified', marked, undefined, 'nothing'],
  ['on an engine that does not tag mappings', found, undefined, 'nothing'],
])('an existing mapping %s', (_, seen, verification, expected) => {
  expect(textOf(verify(ref, seen, nothing, verification, world()))).toContain(expected);
});

test('sends a probe to every open shard, with the bucket to acknowledge it in', () => {
  const decision = verify(ref, found, nothing, started, world());
  if (decision.do !== 'send') throw new Error(textOf(decision));
  expect(decision.why).toBe('a probe on each of 2 shards, repeated until the function acknowledges one');
  const { StreamName, Records } = decision.request.input as {
    StreamName: string;
    Records: { PartitionKey: string; ExplicitHashKey: string; Data: Uint8Array }[];
  };
  expect(StreamName).toBe('s');
  expect(Records.map(({ PartitionKey, ExplicitHashKey }) => `${PartitionKey} ${ExplicitHashKey}`)).toEqual([
    'ready-hooks-probe 0',
    'ready-hooks-probe 9',
  ]);
  expect(JSON.parse(Buffer.from(Records[0]?.Data ?? []).toString())).toEqual({
    readyHooksProbe: { bucket: probeBucket(ref, world()), id: probeId(found) },
  });
});

test('creates the bucket in the pipeline’s region', () => {
  const decision = verify(ref, undefined, send('create'), undefined, { ...world(), region: 'eu-west-1' });
  expect(decision).toMatchObject({
    request: { input: { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } } },
  });
});

describe('names', () => {
  test('a bucket’s is valid, and unique to a pair, account and region', () => {
    const names = [
      probeBucket(ref, world()),
      probeBucket({ ...ref, stream: 'S'.repeat(128) }, world()),
      probeBucket(ref, { ...world(), account: '111111111111' }),
      probeBucket(ref, { ...world(), region: 'eu-west-1' }),
    ];
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^ready-hooks-probe-[0-9a-f]{24}$/);
  });

  test('a re-created mapping, or one with other settings, has other probes', () => {
    const ids = [
      found,
      { ...found, uuid: 'u2' },
      { ...found, since: 1 },
      { ...found, settings: { ...found.settings, batchSize: 5 } },
    ].map(probeId);
    expect(new Set(ids).size).toBe(4);
    expect(probeId({ ...found, state: 'Disabled' })).toBe(ids[0]);
  });
});

test('reports probes missing in the stream, and reads no more', async () => {
  const { run, calls } = scripted({
    ListShards: { Shards: [{ ShardId: 'shard-0' }] },
    GetShardIterator: { ShardIterator: 'i' },
    GetRecords: [
      { Records: [{ PartitionKey: 'other' }], MillisBehindLatest: 5, NextShardIterator: 'j' },
      { Records: [], MillisBehindLatest: 0, NextShardIterator: 'k' },
    ],
  });
  expect(await probeProgress(ref, run.aws)).toBe('probes were sent, but none was found in the stream s');
  expect(calls).toEqual(['ListShards', 'GetShardIterator', 'GetRecords', 'GetRecords']);
});

test('removal cleans up a verification', () => {
  expect(textOf(cleanUp('b', undefined, 'delete'))).toBe('nothing');
  expect(textOf(cleanUp('b', stale, 'delete'))).toMatch(/^DeleteObjects/);
  expect(textOf(cleanUp('b', started, 'delete'))).toMatch(/^DeleteBucket/);
});
