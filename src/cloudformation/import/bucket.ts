import { fieldsOf } from './document.ts';
import type { Draft } from './draft.ts';
import { defined, type Properties } from './properties.ts';

const ACLS: Record<string, string> = {
  Private: 'private',
  PublicRead: 'public-read',
  PublicReadWrite: 'public-read-write',
  AuthenticatedRead: 'authenticated-read',
};

/** An AWS::S3::Bucket. */
export function addBucket(name: string, properties: Properties, draft: Draft): void {
  const { id } = properties.resource;
  properties.text('BucketName');
  const access = properties.text('AccessControl');
  if (access !== undefined && !ACLS[access])
    draft.notes.push(`AccessControl ${access} of ${id} is left out: it has no counterpart.`);
  const [rule] = [fieldsOf(properties.any('OwnershipControls'))['Rules']].flat();
  draft.buckets[name] = defined({
    acl: access === undefined ? undefined : ACLS[access],
    objectOwnership: fieldsOf(rule)['ObjectOwnership'],
    objectLockEnabled: properties.flag('ObjectLockEnabled'),
    tags: properties.tags(draft.notes),
  });
}
