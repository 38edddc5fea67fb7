import { expect, test } from 'vitest';
import type { DeclaredBucket } from '../../../../src/runtime/definition/pipeline.ts';
import { bucket, type SeenBucket } from '../../../../src/runtime/resources/bucket/bucket.ts';
import { cannedAcl } from '../../../../src/runtime/resources/bucket/settings.ts';
import { textOf, world } from './world.ts';

const declared: DeclaredBucket = { objectLockEnabled: false, tags: {} };

test.each<[string, Parameters<typeof bucket.decide>[1], SeenBucket | undefined, string]>([
  ['absent', declared, undefined, 'CreateBucket (in us-east-1)'],
  ['as declared', declared, { tags: {} }, 'nothing'],
  ['new tag', { ...declared, tags: { a: 'b' } }, { tags: {} }, 'PutBucketTagging (tags a)'],
  [
    'one tag removed, one kept',
    { ...declared, tags: { a: 'b' } },
    { tags: { a: 'b', c: 'd' } },
    'PutBucketTagging (tags c are no longer declared)',
  ],
  [
    'one tag instead of another',
    { ...declared, tags: { b: '1' } },
    { tags: { a: '1' } },
    'PutBucketTagging (tags b; tags a are no longer declared)',
  ],
  ['the tag of a seed stays', declared, { tags: { 'ready-hooks:seed': 'x' } }, 'nothing'],
  ['last tag removed', declared, { tags: { a: 'b' } }, 'DeleteBucketTagging (tags a are no longer declared)'],
  [
    'other ACL',
    { ...declared, acl: 'public-read' },
    { tags: {}, acl: 'private' },
    'PutBucketAcl (from private to public-read)',
  ],
  ['same ACL', { ...declared, acl: 'private' }, { tags: {}, acl: 'private' }, 'nothing'],
  [
    'other ownership, before the ACL it allows',
    { ...declared, acl: 'public-read', objectOwnership: 'ObjectWriter' },
    { tags: {}, acl: 'private', objectOwnership: 'BucketOwnerEnforced' },
    'PutBucketOwnershipControls (from BucketOwnerEnforced to ObjectWriter)',
  ],
  [
    'object lock as declared',
    { ...declared, objectLockEnabled: true },
    { tags: {}, objectLockEnabled: true },
    'nothing',
  ],
  [
    'object lock on a bucket created without',
    { ...declared, objectLockEnabled: true },
    { tags: {}, objectLockEnabled: false },
    'fail: Bucket b has no object lock, but the definition sets objectLockEnabled, which needs a new bucket: declare another name, or delete this one with npx ready-hooks destroy --empty-buckets and apply again.',
  ],
  ['existing, absent', { existing: true }, undefined, 'wait for it to be created, now no such bucket in us-east-1'],
  ['existing', { existing: true }, {}, 'nothing'],
  ['removal with objects', undefined, { objects: [{ Key: 'k' }] }, 'DeleteObjects (1 object starting with k)'],
  ['removal, empty', undefined, { objects: [] }, 'DeleteBucket (no longer wanted)'],
  ['removed', undefined, undefined, 'nothing'],
])('%s', (_, wanted, seen, expected) => {
  expect(textOf(bucket.decide({ name: 'b' }, wanted, seen, world()))).toBe(expected);
});

test('us-east-1 has no location constraint; every other region needs one', () => {
  const input = (region: string) => bucket.decide({ name: 'b' }, declared, undefined, { ...world(), region });
  expect(input('us-east-1')).toMatchObject({ request: { input: { Bucket: 'b' } } });
  expect(JSON.stringify(input('us-east-1'))).not.toContain('LocationConstraint');
  expect(input('eu-west-1')).toMatchObject({
    request: { input: { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } } },
  });
});

const all = 'http://acs.amazonaws.com/groups/global/AllUsers';
test.each([
  ['private', []],
  ['public-read', [{ Grantee: { URI: all }, Permission: 'READ' }]],
  [
    'public-read-write',
    [
      { Grantee: { URI: all }, Permission: 'WRITE' },
      { Grantee: { URI: all }, Permission: 'READ' },
    ],
  ],
  ['authenticated-read', [{ Grantee: { URI: all.replace('AllUsers', 'AuthenticatedUsers') }, Permission: 'READ' }]],
  ['AllUsers WRITE', [{ Grantee: { URI: all }, Permission: 'WRITE' }]],
])('%s, from the grants, ignoring the owner’s', (acl, grants) => {
  expect(cannedAcl([{ Grantee: {}, Permission: 'FULL_CONTROL' }, ...grants])).toBe(acl);
});
