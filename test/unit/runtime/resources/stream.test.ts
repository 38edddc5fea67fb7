import { expect, test } from 'vitest';
import type { DeclaredStream } from '../../../../src/runtime/definition/pipeline.ts';
import { type SeenStream, stream } from '../../../../src/runtime/resources/stream/stream.ts';
import { textOf, world } from './world.ts';

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
    'more shards, no mapping',
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
    'removed tag',
    declared,
    { ...active, tags: { a: 'b', 'aws:x': 'y' } },
    'RemoveTagsFromStream (tags a are no longer declared)',
  ],
  ['existing, absent', { existing: true }, undefined, 'wait for it to be created, now no such stream in us-east-1'],
  ['existing, other settings', { existing: true }, { ...active, shardCount: 9 }, 'nothing'],
  [
    'existing, CREATING',
    { existing: true },
    { ...active, status: 'CREATING' },
    'wait for it to be ACTIVE, now CREATING',
  ],
  ['removal', undefined, active, 'DeleteStream (no longer wanted)'],
  ['removal under way', undefined, { ...active, status: 'DELETING' }, 'wait for it to be deleted, now DELETING'],
  ['removed', undefined, undefined, 'nothing'],
])('%s', (_, wanted, seen, expected) => {
  expect(textOf(stream.decide({ name: 's' }, wanted, seen, world()))).toBe(expected);
});

test('does not reshard a stream with a mapping if that replays it forever', () => {
  const decision = stream.decide({ name: 's' }, { ...declared, shardCount: 2 }, { ...active, readers: 1 }, world());
  expect(textOf(decision)).toMatch(/^fail: Stream s has 1 shard, but the definition says 2: .* was not changed/);
});

test('rejects a stream of another region or account', () => {
  const decision = stream.decide(
    { name: 's' },
    declared,
    { ...active, arn: arn.replace('000000000000', '111111111111') },
    world(),
  );
  expect(textOf(decision)).toMatch(
    /^fail: Stream s was expected as .*000000000000.*, but the engine has .*111111111111/,
  );
});

test('CreateStream always sets the shard count, because LocalStack defaults to four', () => {
  const decision = stream.decide({ name: 's' }, declared, undefined, world());
  expect(decision).toMatchObject({
    request: { input: { StreamName: 's', ShardCount: 1, StreamModeDetails: { StreamMode: 'PROVISIONED' } } },
  });
});
