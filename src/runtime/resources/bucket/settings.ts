import type { DeclaredBucket } from '../../definition/pipeline.ts';
import { type Reader, whenNamed } from '../kind.ts';

/** Settings of CreateBucket that later runs compare. Each is read only if the definition sets it. */
export interface BucketSettings {
  acl?: string;
  objectOwnership?: string;
  objectLockEnabled?: boolean;
}

export async function readSettings(Bucket: string, declared: DeclaredBucket, reader: Reader): Promise<BucketSettings> {
  const { call, options } = reader;
  const settings: BucketSettings = {};
  if (declared.acl) settings.acl = cannedAcl((await call('GetBucketAcl', { Bucket }, options)).Grants ?? []);
  if (declared.objectOwnership) {
    const { OwnershipControls } = await call('GetBucketOwnershipControls', { Bucket }, options);
    settings.objectOwnership = OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? 'BucketOwnerEnforced';
  }
  if (declared.objectLockEnabled) settings.objectLockEnabled = await hasObjectLock();
  return settings;

  async function hasObjectLock(): Promise<boolean> {
    const none = whenNamed('ObjectLockConfigurationNotFoundError', undefined);
    const found = await call('GetObjectLockConfiguration', { Bucket }, options).catch(none);
    return found?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
  }
}

/** The grants to groups of each canned ACL. */
const CANNED: Record<string, string> = {
  '': 'private',
  'AllUsers READ': 'public-read',
  'AllUsers READ, AllUsers WRITE': 'public-read-write',
  'AuthenticatedUsers READ': 'authenticated-read',
};

interface Grant {
  Grantee?: { URI?: string | undefined } | undefined;
  Permission?: string | undefined;
}

/** The canned ACL that matches a bucket's grants, ignoring its owner's; https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html */
export function cannedAcl(grants: readonly Grant[]): string {
  const groups = grants
    .flatMap(({ Grantee, Permission }) => (Grantee?.URI ? [`${Grantee.URI.split('/').pop()} ${Permission}`] : []))
    .sort()
    .join(', ');
  return CANNED[groups] ?? groups;
}
