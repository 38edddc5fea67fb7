import { expect, test } from 'vitest';
import type { DeclaredStream } from '../../../../src/runtime/definition/pipeline.ts';
import { type SeenStream, stream } from '../../../../src/runtime/resources/stream/stream.ts';
import { told, world } from './world.ts';

const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
const declared: DeclaredStream = { streamMode: 'PROVISIONED', shardCount: 1, retentionPeriodHours: 24, tags: {} };
const active: SeenStream = {
  arn,
  status: 'ACTIVE',
  streamMode: 'PROVISIONED',
  shardCount: 1,
  retentionPeriodHours: 24,
  tags: {},
};
const onDemand: DeclaredStream = { streamMode: 'ON_DEMAND', retentionPeriodHours: 24, tags: {} };

test.each<[string, Parameters<typeof stream.decide>[1], SeenStream | undefined, string]>([
  ['absent', declared, undefined, 'CreateStream (1 shard)'],
  ['absent, 4 shards', { ...declared, shardCount: 4 }, undefined, 'CreateStream (4 shards)'],
  ['absent, on demand', onDemand, undefined, 'CreateStream (on-demand)'],
  ['CREATING', declared, { ...active, status: 'CREATING' }, 'wait for it to be ACTIVE, now CREATING'],
  ['UPDATING', declared, { ...active, status: 'UPDATING' }, 'wait for it to be ACTIVE, now UPDATING'],
  ['DELETING', declared, { ...active, status: 'DELETING' }, 'wait for it to be ACTIVE, now DELETING'],
  ['as declared', declared, active, 'nothing'],
  ['on demand as declared', onDemand, { ...active, streamMode: 'ON_DEMAND', shardCount: 4 }, 'nothing'],
  ['other mode', onDemand, active, 'UpdateStreamMode (from PROVISIONED to ON_DEMAND)'],
  [
    'more shards, none reads',
    { ...declared, shardCount: 2 },
    { ...active, readers: 0 },
    'UpdateShardCount (from 1 to 2 shards)',
  ],
  [
    'longer retention',
    { ...declared, retentionPeriodHours: 48 },
    active,
    'IncreaseStreamRetentionPeriod (retention from 24 to 48 hours)',
  ],
  [
    'shorter retention',
    declared,
    { ...active, retentionPeriodHours: 48 },
    'DecreaseStreamRetentionPeriod (retention from 48 to 24 hours)',
  ],
  ['new tag', { ...declared, tags: { a: 'b' } }, active, 'AddTagsToStream (tags a)'],
  [
    'gone tag',
    declared,
    { ...active, tags: { a: 'b', 'aws:x': 'y' } },
    'RemoveTagsFromStream (tags a are no longer declared)',
  ],
  ['existing, absent', { existing: true }, undefined, 'wait for it to be made, now no such stream'],
  ['existing, other settings', { existing: true }, { ...active, shardCount: 9 }, 'nothing'],
  [
    'existing, CREATING',
    { existing: true },
    { ...active, status: 'CREATING' },
    'wait for it to be ACTIVE, now CREATING',
  ],
  ['removal', undefined, active, 'DeleteStream (declared by the definition that is destroyed)'],
  ['removal under way', undefined, { ...active, status: 'DELETING' }, 'wait for it to be gone, now DELETING'],
  ['removed', undefined, undefined, 'nothing'],
])('%s', (_, wanted, seen, expected) => {
  expect(told(stream.decide({ name: 's' }, wanted, seen, world()))).toBe(expected);
});

test('a stream that a mapping reads is not resharded where that replays it for ever', () => {
  const decision = stream.decide({ name: 's' }, { ...declared, shardCount: 2 }, { ...active, readers: 1 }, world());
  expect(told(decision)).toMatch(/^fail: Stream s has 1 shard and the definition says 2: .* is not changed/);
});

test('a stream of another region or account is told apart', () => {
  const decision = stream.decide(
    { name: 's' },
    declared,
    { ...active, arn: arn.replace('000000000000', '111111111111') },
    world(),
  );
  expect(told(decision)).toMatch(/^fail: Stream s was expected as .*000000000000.* but the engine has .*111111111111/);
});

test('CreateStream always names the shard count: left out, LocalStack makes four', () => {
  const decision = stream.decide({ name: 's' }, declared, undefined, world());
  expect(decision).toMatchObject({
    request: { input: { StreamName: 's', ShardCount: 1, StreamModeDetails: { StreamMode: 'PROVISIONED' } } },
  });
});
