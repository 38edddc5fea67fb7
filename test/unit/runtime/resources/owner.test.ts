import { expect, test } from 'vitest';
import { codeOf } from '../../../../src/runtime/contents/function-code.ts';
import { bucket, type SeenBucket } from '../../../../src/runtime/resources/bucket/bucket.ts';
import { lambdaFunction } from '../../../../src/runtime/resources/function/function.ts';
import type { Decision } from '../../../../src/runtime/resources/kind.ts';
import { mapping } from '../../../../src/runtime/resources/mapping/mapping.ts';
import { type SeenStream, stream } from '../../../../src/runtime/resources/stream/stream.ts';
import { declaredFunction, declaredMapping, seenFunction, seenMapping } from '../../../support/declared.ts';
import { textOf, world } from './world.ts';

const TAG = 'ready-hooks:pipeline';
const own = { ...world(), owner: '10-a' };
const older = { ...own, engine: { ...own.engine, version: '4.2.0' } };
const name = { name: 'n' };

const code = codeOf(new Uint8Array([1]));
const fn = { ...declaredFunction({ architecture: 'x86_64' }), code };
const seenFn = (tags: Record<string, string>) => seenFunction(code.sha256, { tags });
const declaredStream = { streamMode: 'PROVISIONED', shardCount: 1, retentionPeriodHours: 24, tags: {} } as const;
const seenStream: SeenStream = {
  arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/n',
  status: 'ACTIVE',
  streamMode: 'PROVISIONED',
  shardCount: 1,
  retentionPeriodHours: 24,
  tags: {},
};
const declaredBucket = { objectLockEnabled: false, tags: { a: 'b' } };
const ref = { stream: 's', function: 'f' };
const pair = declaredMapping({ startingPosition: 'TRIM_HORIZON' });
const seenPair = (tags: Record<string, string>) => ({
  mappings: [{ ...seenMapping(), arn: 'arn:m', tags }],
  held: 'none' as const,
  stream: seenStream,
});
const decideBucket = (seen: SeenBucket | undefined, of = own) => bucket.decide(name, declaredBucket, seen, of);

test.each<[string, Decision, object]>([
  ['function', lambdaFunction.decide(name, fn, undefined, own), { Tags: { [TAG]: '10-a' } }],
  ['mapping', mapping.decide(ref, pair, { mappings: [] }, own), { Tags: { [TAG]: '10-a' } }],
  ['bucket', decideBucket(undefined), { CreateBucketConfiguration: { Tags: [{ Key: TAG, Value: '10-a@us-east-1' }] } }],
  [
    'bucket elsewhere',
    decideBucket(undefined, { ...own, region: 'eu-west-1' }),
    { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1', Tags: [{ Key: TAG, Value: '10-a@eu-west-1' }] } },
  ],
])('a new %s gets the tag in the request that creates it', (_, decision, input) => {
  expect(decision).toMatchObject({ effect: 'create', request: { input } });
});

test('a bucket of LocalStack before 4.14, which rejects tags in us-east-1, gets the tag after its creation', () => {
  expect(decideBucket(undefined, older)).toMatchObject({ request: { input: { Bucket: 'n' } } });
  expect(JSON.stringify(decideBucket(undefined, older))).not.toContain('CreateBucketConfiguration');
  expect(decideBucket({ tags: {}, isUntagged: true }, older)).toMatchObject({
    request: {
      operation: 'PutBucketTagging',
      input: {
        Tagging: {
          TagSet: [
            { Key: 'a', Value: 'b' },
            { Key: TAG, Value: '10-a@us-east-1' },
          ],
        },
      },
    },
  });
});

test('a stream that this run has created gets the tag while it is CREATING; one that it found does not', () => {
  const decide = (seen: SeenStream) => textOf(stream.decide(name, declaredStream, seen, own));
  expect(decide({ ...seenStream, status: 'CREATING', isUntagged: true })).toBe(`AddTagsToStream (tag ${TAG})`);
  expect(decide({ ...seenStream, status: 'CREATING' })).toMatch(/^wait for it to be ACTIVE/);
  expect(decide(seenStream)).toBe('nothing');
});

test.each<[string, (tags: Record<string, string>) => Decision, string]>([
  ['function', (tags) => lambdaFunction.decide(name, fn, seenFn(tags), own), `TagResource (tags ${TAG})`],
  [
    'stream',
    (tags) => stream.decide(name, declaredStream, { ...seenStream, tags }, own),
    `AddTagsToStream (tags ${TAG})`,
  ],
  ['mapping', (tags) => mapping.decide(ref, pair, seenPair(tags), own), `TagResource (tags ${TAG})`],
])(
  'a declared %s: another pipeline’s is taken over, its own and one made by hand stay as they are',
  (_, decide, taken) => {
    expect(textOf(decide({ [TAG]: '20-b' }))).toBe(taken);
    expect(textOf(decide({ [TAG]: '10-a' }))).toBe('nothing');
    expect(textOf(decide({}))).toBe('nothing');
  },
);

test('a declared bucket: the same, and its tag names the region', () => {
  const decide = (owner: object) => textOf(decideBucket({ tags: { a: 'b', ...owner } }));
  expect(decide({ [TAG]: '20-b@us-east-1' })).toBe(`PutBucketTagging (tags ${TAG})`);
  expect(decide({ [TAG]: '10-a@us-east-1' })).toBe('nothing');
  expect(decide({})).toBe('nothing');
});

test('a pipeline without a name tags nothing and takes nothing over', () => {
  const decided = lambdaFunction.decide(name, fn, undefined, world());
  expect(JSON.stringify(decided)).not.toContain(TAG);
  expect(textOf(lambdaFunction.decide(name, fn, seenFn({ [TAG]: '20-b' }), world()))).toBe('nothing');
});
