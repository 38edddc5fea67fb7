import type { DeclaredBucket, Existing } from '../../definition/pipeline.ts';
import { tagsNewBuckets } from '../../engine/localstack-versions.ts';
import {
  create,
  type Decision,
  fail,
  first,
  given,
  type Kind,
  type NameRef,
  NOTHING,
  ownerTag,
  PIPELINE,
  type Reader,
  remove,
  tagChanges,
  takenOver,
  update,
  type World,
  waitForExisting,
  whenNamed,
  withOwners,
} from '../kind.ts';
import { type BucketSettings, readSettings } from './settings.ts';
import { readBucketTags, setBucketTags } from './tags.ts';

export interface SeenBucket extends BucketSettings {
  /** Undefined if the definition does not need them. */
  tags?: Record<string, string>;
  /** This step has created it, and the engine has not stored a tag with that: LocalStack before 4.14 rejects one. */
  isUntagged?: boolean;
  /** The first page of its objects, every version; read only to remove the bucket. */
  objects?: { Key: string; VersionId?: string }[];
}

type Declared = DeclaredBucket | Existing;

/** An S3 bucket. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export const bucket: Kind<NameRef, Declared, SeenBucket> = {
  label: 'bucket',
  wait: { timeoutMs: 10_000 },

  observe: ({ name }, reader, declared) => read(name, reader, declared).catch(whenNamed('NoSuchBucket', undefined)),

  decide(ref, declared, seen, world): Decision {
    if (!declared) return removal(ref.name, seen);
    if (seen) return first(updates(ref, declared, seen, world));
    return declared.existing ? waitForExisting('bucket', world) : creation(ref.name, declared, world);
  },

  async keptBy({ name }, { call }) {
    const page = await call('ListObjectVersions', { Bucket: name, MaxKeys: 1 }).catch(
      whenNamed('NoSuchBucket', undefined),
    );
    if (!page?.Versions?.length && !page?.DeleteMarkers?.length) return undefined;
    return `Bucket ${name} is not empty, so nothing was deleted: add --empty-buckets (or emptyBuckets) to delete its objects too.`;
  },

  updates,

  async find({ call, region }, skips) {
    const { Buckets } = await call('ListBuckets', {});
    const found = given(Buckets, 'ListBuckets', 'Buckets').map(({ Name: name = '' }) => ({ ref: { name } }));
    const withTags = await withOwners(
      found.filter(({ ref }) => !skips(ref)),
      ({ ref }) => readBucketTags(ref.name, { call, options: {} }),
    );
    // Other regions' buckets are listed too.
    const suffix = `@${region}`;
    return withTags.map(({ ref, owner }) => ({
      ref,
      owner: owner?.endsWith(suffix) ? owner.slice(0, -suffix.length) : undefined,
    }));
  },
};

/** Buckets of all regions have one list, so their tag names the region, too. */
const ownerOf = ({ owner, region }: World) => owner && `${owner}@${region}`;

async function read(name: string, reader: Reader, declared: Declared | undefined): Promise<SeenBucket> {
  if (!declared) return { objects: await firstObjects(name, reader) };
  const tags = await readBucketTags(name, reader);
  if (declared.existing) return {};
  const made = reader.made?.map(({ operation }) => operation) ?? [];
  const isUntagged = made.includes('CreateBucket') && !made.includes('PutBucketTagging') && !(PIPELINE in tags);
  return { tags, ...(isUntagged && { isUntagged }), ...(await readSettings(name, declared, reader)) };
}

async function firstObjects(Bucket: string, { call, options }: Reader) {
  const { Versions = [], DeleteMarkers = [] } = await call('ListObjectVersions', { Bucket }, options);
  return [...Versions, ...DeleteMarkers].map(({ Key = '', VersionId }) => ({ Key, ...(VersionId && { VersionId }) }));
}

/** AWS rejects us-east-1 as a constraint and requires one everywhere else. */
export function locationOf(region: string) {
  return region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as never } };
}

function creation(name: string, declared: DeclaredBucket, world: World): Decision {
  const { acl, objectOwnership, objectLockEnabled } = declared;
  const { CreateBucketConfiguration: location } = locationOf(world.region);
  const tags = tagsNewBuckets(world.engine) ? Object.entries(ownerTag(ownerOf(world))) : [];
  const Tags = tags.map(([Key, Value]) => ({ Key, Value }));
  const input = {
    Bucket: name,
    ...((location || Tags.length > 0) && {
      CreateBucketConfiguration: { ...location, ...(Tags.length > 0 && { Tags }) },
    }),
    ...(acl && { ACL: acl }),
    ...(objectOwnership && { ObjectOwnership: objectOwnership }),
    ...(objectLockEnabled && { ObjectLockEnabledForBucket: true }),
  };
  return create({ operation: 'CreateBucket', input }, `in ${world.region}`);
}

function* updates({ name }: NameRef, declared: Declared, seen: SeenBucket, world: World): Generator<Decision> {
  if (declared.existing) return;
  const { acl, objectOwnership, objectLockEnabled } = declared;
  if (objectLockEnabled && !seen.objectLockEnabled)
    yield fail(
      `Bucket ${name} has no object lock, but the definition sets objectLockEnabled, which needs a new bucket: declare another name, or delete this one with npx ready-hooks destroy --empty-buckets and apply again.`,
    );
  // Ownership first: BucketOwnerEnforced rejects ACLs.
  if (objectOwnership && objectOwnership !== seen.objectOwnership) {
    const input = { Bucket: name, OwnershipControls: { Rules: [{ ObjectOwnership: objectOwnership }] } };
    yield update(
      { operation: 'PutBucketOwnershipControls', input },
      `from ${seen.objectOwnership} to ${objectOwnership}`,
    );
  }
  if (acl && acl !== seen.acl)
    yield update({ operation: 'PutBucketAcl', input: { Bucket: name, ACL: acl } }, `from ${seen.acl} to ${acl}`);
  const owner = ownerOf(world);
  const own = seen.isUntagged ? ownerTag(owner) : takenOver(seen.tags ?? {}, owner);
  yield* updateTags(name, { ...declared.tags, ...own }, seen);
}

function* updateTags(name: string, tags: Record<string, string>, seen: SeenBucket): Generator<Decision> {
  const { set, remove: gone } = tagChanges(tags, seen.tags ?? {});
  const changed = Object.keys(set);
  if (changed.length + gone.length === 0) return;
  const left = Object.entries({ ...seen.tags, ...set }).filter(([key]) => !gone.includes(key));
  const why = [
    ...(changed.length > 0 ? [`tags ${changed.join(', ')}`] : []),
    ...(gone.length > 0 ? [`tags ${gone.join(', ')} are no longer declared`] : []),
  ].join('; ');
  yield update(setBucketTags(name, Object.fromEntries(left)), why);
}

function removal(name: string, seen: SeenBucket | undefined): Decision {
  if (!seen) return NOTHING;
  const objects = seen.objects ?? [];
  if (objects.length === 0) return remove({ operation: 'DeleteBucket', input: { Bucket: name } });
  // The first key distinguishes this request from the one for the next thousand.
  const why = `${objects.length} object${objects.length === 1 ? '' : 's'} starting with ${objects[0]?.Key}`;
  const input = { Bucket: name, Delete: { Objects: objects, Quiet: true } };
  return remove({ operation: 'DeleteObjects', input }, why);
}
