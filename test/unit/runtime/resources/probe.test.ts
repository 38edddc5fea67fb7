import { describe, expect, test } from 'vitest';
import type { Decision } from '../../../../src/runtime/resources/kind.ts';
import {
  probeBucket,
  probeId,
  tidyUp,
  type Verification,
  verify,
} from '../../../../src/runtime/resources/mapping/probe.ts';
import { probeProgress } from '../../../../src/runtime/resources/mapping/probe-progress.ts';
import type { SeenMapping } from '../../../../src/runtime/resources/mapping/update.ts';
import { scripted } from '../apply/fake.ts';
import { told, world } from './world.ts';

const ref = { stream: 's', function: 'f' };
const found: SeenMapping = {
  uuid: 'u1',
  state: 'Enabled',
  startingPosition: 'TRIM_HORIZON',
  settings: {
    batchSize: 100,
    maximumBatchingWindowSeconds: 0,
    reportBatchItemFailures: false,
    maximumRetryAttempts: -1,
    maximumRecordAgeSeconds: -1,
    bisectBatchOnFunctionError: false,
    parallelizationFactor: 1,
    tumblingWindowSeconds: 0,
    filters: [],
    onFailure: '',
  },
};
const nothing: Decision = { do: 'nothing' };
const waiting: Decision = { do: 'wait', until: 'for it to be Enabled', seen: 'Creating' };
const failed: Decision = { do: 'fail', problem: 'so' };
const send = (effect: 'create' | 'update'): Decision => ({
  do: 'send',
  effect,
  why: 'as declared',
  request: { operation: 'UpdateEventSourceMapping', input: { UUID: 'u1' } },
});
const begun: Verification = { acknowledged: [], verified: false, hashKeys: ['0', '9'] };
const answered = { ...begun, acknowledged: [probeId(found)] };
const stale = { ...begun, acknowledged: ['u0-before'] };

test.each<[string, Decision, Verification | undefined, string]>([
  ['nothing to do, none begun: verified when it was made', nothing, undefined, 'nothing'],
  ['to be made: first what the next run would see', send('create'), undefined, 'CreateBucket'],
  ['to be changed likewise', send('update'), undefined, 'CreateBucket'],
  ['then it is made', send('create'), begun, 'UpdateEventSourceMapping'],
  ['not before the answers to another mapping are gone', send('update'), stale, 'DeleteObjects'],
  ['not yet Enabled', waiting, begun, 'wait'],
  ['a mapping that cannot be', failed, begun, 'fail'],
  ['Enabled: probes', nothing, begun, 'PutRecords'],
  ['an answer to another mapping’s', nothing, stale, 'PutRecords'],
  ['the answer', nothing, answered, 'PutBucketTagging'],
  ['tidying up: answers', nothing, { ...answered, verified: true }, 'DeleteObjects'],
  ['tidying up: the bucket', nothing, { ...begun, verified: true }, 'DeleteBucket'],
  ['an earlier verification is tidied up first', send('update'), { ...answered, verified: true }, 'DeleteObjects'],
])('%s', (_, decision, seen, expected) => {
  expect(
    told(verify(ref, found, decision, seen, world()))
      .split(' ')[0]
      ?.replace(':', ''),
  ).toBe(expected);
});

test('a probe goes to every open shard, and says where to answer', () => {
  const decision = verify(ref, found, nothing, begun, world());
  if (decision.do !== 'send') throw new Error(told(decision));
  expect(decision.why).toBe('a probe on each of 2 shards, again until the function answers one');
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

test('the bucket is made where the pipeline is', () => {
  const decision = verify(ref, undefined, send('create'), undefined, { ...world(), region: 'eu-west-1' });
  expect(decision).toMatchObject({
    request: { input: { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } } },
  });
});

describe('names', () => {
  test('a bucket’s is one S3 takes, and one for each pair, account and region', () => {
    const names = [
      probeBucket(ref, world()),
      probeBucket({ ...ref, stream: 'S'.repeat(128) }, world()),
      probeBucket(ref, { ...world(), account: '111111111111' }),
      probeBucket(ref, { ...world(), region: 'eu-west-1' }),
    ];
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^ready-hooks-probe-[0-9a-f]{24}$/);
  });

  test('a mapping made anew, or with other settings, has other probes', () => {
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

test('probes that are not in the stream are told, and no more is asked', async () => {
  const { run, calls } = scripted({
    ListShards: { Shards: [{ ShardId: 'shard-0' }] },
    GetShardIterator: { ShardIterator: 'i' },
    GetRecords: [
      { Records: [{ PartitionKey: 'other' }], MillisBehindLatest: 5, NextShardIterator: 'j' },
      { Records: [], MillisBehindLatest: 0, NextShardIterator: 'k' },
    ],
  });
  expect(await probeProgress(ref, run.aws)).toBe('probes were put, but none was found in the stream s');
  expect(calls).toEqual(['ListShards', 'GetShardIterator', 'GetRecords', 'GetRecords']);
});

test('removal tidies up what was begun', () => {
  expect(told(tidyUp('b', undefined, 'delete'))).toBe('nothing');
  expect(told(tidyUp('b', stale, 'delete'))).toMatch(/^DeleteObjects/);
  expect(told(tidyUp('b', begun, 'delete'))).toMatch(/^DeleteBucket/);
});
