import type { SeedObjects } from '../../contents/contents.ts';
import { type Kind, type Made, type NameRef, NOTHING, whenNamed } from '../kind.ts';
import { type Part, putSeed, type SeenSeed } from '../seed.ts';
import { readBucketTags, setBucketTags } from './tags.ts';

/** Objects put into a bucket once. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const bucketSeed: Kind<NameRef, { objects: SeedObjects }, SeenSeed> = {
  label: 'seed of bucket',
  wait: { timeoutMs: 300_000 },
  isDeletedWithOwner: true,

  async observe({ name }, reader, declared) {
    const { made = [] } = reader;
    if (made.length > 0 && declared && nextPart(name, declared.objects, made)) return { made };
    const tags = await readBucketTags(name, reader).catch(whenNamed('NoSuchBucket', undefined));
    return { made, ...(tags && { tags }) };
  },

  decide({ name }, declared, seen = { made: [] }) {
    if (!declared) return NOTHING;
    const { objects } = declared;
    return putSeed(objects, nextPart(name, objects, seen.made), seen, (tag) =>
      setBucketTags(name, { ...seen.tags, ...tag }),
    );
  },
};

/** The first object not put yet. A response without an ETag does not count as put. */
function nextPart(Bucket: string, { objects }: SeedObjects, made: readonly Made[]): Part | undefined {
  const put = new Set(made.flatMap((one) => (one.operation === 'PutObject' && one.answer.ETag ? one.input.Key : [])));
  const index = objects.findIndex(({ path }) => !put.has(path));
  const next = objects[index];
  if (!next) return undefined;
  return {
    request: { operation: 'PutObject', input: { Bucket, Key: next.path, Body: next.bytes } },
    why: `${next.path}, ${index + 1} of ${objects.length}`,
  };
}
