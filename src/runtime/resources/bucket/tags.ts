import type { Request } from '../../engine/operations.ts';
import { type Reader, tagsIn, whenNamed } from '../kind.ts';

export async function readBucketTags(
  Bucket: string,
  { call, options }: Pick<Reader, 'call' | 'options'>,
): Promise<Record<string, string>> {
  const found = await call('GetBucketTagging', { Bucket }, options).catch(whenNamed('NoSuchTagSet', undefined));
  return tagsIn(found?.TagSet ?? []);
}

/** The request that gives a bucket exactly these tags: S3 sets all at once, and AWS rejects an empty set. */
export function setBucketTags(Bucket: string, tags: Record<string, string>): Request {
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return TagSet.length > 0
    ? { operation: 'PutBucketTagging', input: { Bucket, Tagging: { TagSet } } }
    : { operation: 'DeleteBucketTagging', input: { Bucket } };
}
