import { expect, test } from 'vitest';
import type { DeclaredBucket } from '../../../src/definition/pipeline.ts';
import { bucket, type SeenBucket } from '../../../src/resources/bucket.ts';
import { told, world } from './world.ts';

const declared: DeclaredBucket = { objectLockEnabled: false, tags: {} };

test.each<[string, Parameters<typeof bucket.decide>[1], SeenBucket | undefined, string]>([
  ['absent', declared, undefined, 'CreateBucket (in us-east-1)'],
  ['as declared', declared, { tags: {} }, 'nothing'],
  ['new tag', { ...declared, tags: { a: 'b' } }, { tags: {} }, 'PutBucketTagging (tags a)'],
  [
    'one tag gone, one kept',
    { ...declared, tags: { a: 'b' } },
    { tags: { a: 'b', c: 'd' } },
    'PutBucketTagging (tags c)',
  ],
  ['last tag gone', declared, { tags: { a: 'b' } }, 'DeleteBucketTagging (tags a)'],
  ['existing, absent', { existing: true }, undefined, 'wait for it to be made, now no such bucket'],
  ['existing', { existing: true }, {}, 'nothing'],
  ['removal with objects', undefined, { objects: [{ Key: 'k' }] }, 'DeleteObjects (1 object from k on)'],
  ['removal, empty', undefined, { objects: [] }, 'DeleteBucket (declared by the definition that is destroyed)'],
  ['removed', undefined, undefined, 'nothing'],
])('%s', (_, wanted, seen, expected) => {
  expect(told(bucket.decide({ name: 'b' }, wanted, seen, world()))).toBe(expected);
});

test('us-east-1 takes no location constraint, every other region needs one', () => {
  const input = (region: string) => bucket.decide({ name: 'b' }, declared, undefined, { ...world(), region });
  expect(input('us-east-1')).toMatchObject({ request: { input: { Bucket: 'b' } } });
  expect(JSON.stringify(input('us-east-1'))).not.toContain('LocationConstraint');
  expect(input('eu-west-1')).toMatchObject({
    request: { input: { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } } },
  });
});
