import { createHash } from 'node:crypto';
import { locationOf } from '../bucket/bucket.ts';
import { readBucketTags, setBucketTags } from '../bucket/tags.ts';
import {
  canonical,
  type Decision,
  NOTHING,
  OWN_TAGS,
  type Reader,
  remove,
  type SendDecision,
  update,
  type World,
  whenNamed,
} from '../kind.ts';
import { listShards } from '../stream/held-records.ts';
import { PROBE_KEY } from './marks.ts';
import type { MappingRef, SeenMapping } from './update.ts';

const VERIFIED = { delivery: 'verified' };
/** Tag of a mapping that was created to be verified, or has been since: one that gets verifyDelivery later lacks it. */
const VERIFIES = `${OWN_TAGS}verify-delivery`;
/** The limit of PutRecords. */
const MOST_PROBES = 500;

/**
 * A running verification. It is a bucket: created before the mapping is created or changed, and deleted once a probe was
 * acknowledged. So the next run continues after a killed one, and nothing is left behind.
 */
export interface Verification {
  /** Ids of the probes that the function acknowledged, each an empty object. */
  acknowledged: string[];
  /** Only the cleanup remains. */
  verified: boolean;
  /** One for each open shard, to send a record to it. */
  hashKeys: string[];
}

export function probeBucket(ref: MappingRef, { account, region }: Pick<World, 'account' | 'region'>): string {
  return `${PROBE_KEY}-${digest([account, region, ref.stream, ref.function])}`;
}

/** Another mapping, or the same one with other settings, has another poller, so its probes get another id. */
export function probeId({ uuid, settings, since }: SeenMapping): string {
  return `${uuid}-${digest([settings, since])}`;
}

function digest(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 24);
}

export function observeVerification(ref: MappingRef, reader: Reader): Promise<Verification | undefined> {
  return readVerification(ref, reader).catch(whenNamed('NoSuchBucket', undefined));
}

async function readVerification(ref: MappingRef, { call, options, world }: Reader): Promise<Verification> {
  const Bucket = probeBucket(ref, world);
  const { Versions = [] } = await call('ListObjectVersions', { Bucket }, options);
  const tags = await readBucketTags(Bucket, { call, options });
  // The cleanup works even if someone deleted the stream.
  const noShards = whenNamed('ResourceNotFoundException', []);
  const shards = await listShards(ref.stream, { call, options }).catch(noShards);
  const open = shards.filter(({ SequenceNumberRange }) => !SequenceNumberRange?.EndingSequenceNumber);
  return {
    acknowledged: Versions.map(({ Key = '' }) => Key),
    verified: 'delivery' in tags,
    hashKeys: open.slice(0, MOST_PROBES).map(({ HashKeyRange }) => HashKeyRange?.StartingHashKey ?? '0'),
  };
}

/** Adds a verification to the `decision` about a mapping; `found` is its current state. */
export function verify(
  ref: MappingRef,
  found: SeenMapping | undefined,
  decision: Decision,
  seen: Verification | undefined,
  world: World,
): Decision {
  const Bucket = probeBucket(ref, world);
  if (seen?.verified) return cleanUp(Bucket, seen, 'update');
  if (decision.do === 'send') return prepare(Bucket, decision, seen, world);
  if (decision.do !== 'nothing' || !found) return decision;
  if (!seen) return isUnmarked(found) ? begin(Bucket, 'update', world) : decision;
  if (seen.acknowledged.includes(probeId(found)))
    return isUnmarked(found)
      ? mark(found)
      : update(setBucketTags(Bucket, VERIFIED), 'a probe arrived: delivery verified');
  return probe(ref.stream, { bucket: Bucket, id: probeId(found) }, seen.hashKeys);
}

/** Before the mapping is created or changed: an empty bucket for the acknowledgements of its probes. */
function prepare(Bucket: string, decision: SendDecision, seen: Verification | undefined, world: World): Decision {
  if (seen) return seen.acknowledged.length > 0 ? cleanUp(Bucket, seen, 'update') : decision;
  return begin(Bucket, decision.effect, world);
}

function begin(Bucket: string, effect: SendDecision['effect'], { region }: World): Decision {
  const request = { operation: 'CreateBucket' as const, input: { Bucket, ...locationOf(region) } };
  return { do: 'send', effect, request, why: 'collects acknowledged probes to verify delivery' };
}

/** The tags of a mapping that is created to be verified. */
export function verifiedTags({ verifyDelivery }: { verifyDelivery: boolean }): Record<string, string> {
  return verifyDelivery ? { [VERIFIES]: 'true' } : {};
}

/** Whether a mapping was created without verification. False if the engine does not tag mappings. */
const isUnmarked = ({ arn, tags }: SeenMapping) => arn !== undefined && tags !== undefined && !(VERIFIES in tags);

function mark({ arn = '' }: SeenMapping): Decision {
  const input = { Resource: arn, Tags: verifiedTags({ verifyDelivery: true }) };
  return update({ operation: 'TagResource', input }, 'remembers that a probe arrived');
}

function probe(StreamName: string, readyHooksProbe: { bucket: string; id: string }, hashKeys: string[]): Decision {
  const Data = Buffer.from(JSON.stringify({ readyHooksProbe }));
  const Records = hashKeys.map((ExplicitHashKey) => ({ PartitionKey: PROBE_KEY, ExplicitHashKey, Data }));
  const where = hashKeys.length === 1 ? 'the shard' : `each of ${hashKeys.length} shards`;
  return update(
    { operation: 'PutRecords', input: { StreamName, Records } },
    `a probe on ${where}, repeated until the function acknowledges one`,
  );
}

/** Deletes the bucket with the acknowledgements. */
export function cleanUp(Bucket: string, seen: Verification | undefined, effect: 'update' | 'delete'): Decision {
  if (!seen) return NOTHING;
  const send = effect === 'update' ? update : remove;
  const Objects = seen.acknowledged.map((Key) => ({ Key }));
  const why = 'cleanup after verifying delivery';
  if (Objects.length === 0) return send({ operation: 'DeleteBucket', input: { Bucket } }, why);
  return send({ operation: 'DeleteObjects', input: { Bucket, Delete: { Objects, Quiet: true } } }, why);
}
