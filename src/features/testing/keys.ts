import type { Aws, CallOptions } from '../../runtime/engine/connect.ts';
import type { Output } from '../../runtime/engine/operations.ts';
import { whenNamed } from '../../runtime/resources/kind.ts';

export interface Version {
  Key: string;
  VersionId?: string;
}

/** Each version of each object in a bucket, and its delete markers; none if it does not exist. */
export async function versionsIn(
  Bucket: string,
  { call }: Pick<Aws, 'call'>,
  options: CallOptions,
  Prefix = '',
): Promise<Version[]> {
  const found: Version[] = [];
  let from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (from) {
    const page: Output<'ListObjectVersions'> | undefined = await call(
      'ListObjectVersions',
      { Bucket, Prefix, ...from },
      options,
    ).catch(whenNamed('NoSuchBucket', undefined));
    for (const { Key = '', VersionId } of [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])])
      found.push({ Key, ...(VersionId && { VersionId }) });
    from = page?.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
  return found;
}

/** The keys in a bucket. */
export async function keysIn(
  bucket: string,
  aws: Pick<Aws, 'call'>,
  options: CallOptions,
  prefix?: string,
): Promise<string[]> {
  return (await versionsIn(bucket, aws, options, prefix)).map(({ Key }) => Key);
}
