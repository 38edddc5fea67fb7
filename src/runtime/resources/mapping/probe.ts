import { createHash } from 'node:crypto';
import { locationOf } from '../bucket/bucket.ts';
import { readBucketTags, setBucketTags } from '../bucket/tags.ts';
import {
  canonical,
  type Decision,
  NOTHING,
  type Reader,
  remove,
  type SendDecision,
  update,
  type World,
  whenNamed,
} from '../kind.ts';
import { listShards } from '../stream/held-records.ts';
import type { MappingRef, SeenMapping } from './update.ts';

/** What marks a probe among the records of a stream; the wrapper in the function knows it (src/build/pack/probe-wrapper.ts). */
export const PROBE_KEY = 'ready-hooks-probe';
const VERIFIED = { delivery: 'verified' };
/** PutRecords takes no more. */
const MOST_PROBES = 500;

/**
 * A verification under way. It is a bucket: made before the mapping is made or changed, gone when a probe has been
 * acknowledged. So a run that was killed in between is taken up by the next one, and nothing is left behind.
 */
export interface Verification {
  /** Ids of the probes that the function acknowledged, each an empty object. */
  acknowledged: string[];
  /** All is known; what remains is to tidy up. */
  verified: boolean;
  /** One for each open shard, for a record to get there. */
  hashKeys: string[];
}

export function probeBucket(ref: MappingRef, { account, region }: Pick<World, 'account' | 'region'>): string {
  return `${PROBE_KEY}-${digest([account, region, ref.stream, ref.function])}`;
}

/** Another mapping, or the same one with other settings, has another poller: its probes have an id of their own. */
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
  // What is left is tidied up also where somebody removed the stream.
  const noShards = whenNamed('ResourceNotFoundException', []);
  const shards = await listShards(ref.stream, { call, options }).catch(noShards);
  const open = shards.filter(({ SequenceNumberRange }) => !SequenceNumberRange?.EndingSequenceNumber);
  return {
    acknowledged: Versions.map(({ Key = '' }) => Key),
    verified: 'delivery' in tags,
    hashKeys: open.slice(0, MOST_PROBES).map(({ HashKeyRange }) => HashKeyRange?.StartingHashKey ?? '0'),
  };
}

/** Puts a verification around what is to be done about a mapping; `decision` is that, `found` the mapping as it is. */
export function verify(
  ref: MappingRef,
  found: SeenMapping | undefined,
  decision: Decision,
  seen: Verification | undefined,
  world: World,
): Decision {
  const Bucket = probeBucket(ref, world);
  if (seen?.verified) return tidyUp(Bucket, seen, 'update');
  if (decision.do === 'send') return prepare(Bucket, decision, seen, world);
  if (decision.do !== 'nothing' || !seen || !found) return decision;
  if (seen.acknowledged.includes(probeId(found)))
    return update(setBucketTags(Bucket, VERIFIED), 'a probe came through: delivery is verified');
  return probe(ref.stream, { bucket: Bucket, id: probeId(found) }, seen.hashKeys);
}

/** Before the mapping is made or changed: a bucket for the answers to its probes, without those of another mapping. */
function prepare(Bucket: string, decision: SendDecision, seen: Verification | undefined, { region }: World): Decision {
  if (seen) return seen.acknowledged.length > 0 ? tidyUp(Bucket, seen, 'update') : decision;
  const request = { operation: 'CreateBucket' as const, input: { Bucket, ...locationOf(region) } };
  return { do: 'send', effect: decision.effect, request, why: 'for the answers to probes: delivery is to be verified' };
}

function probe(StreamName: string, readyHooksProbe: { bucket: string; id: string }, hashKeys: string[]): Decision {
  const Data = Buffer.from(JSON.stringify({ readyHooksProbe }));
  const Records = hashKeys.map((ExplicitHashKey) => ({ PartitionKey: PROBE_KEY, ExplicitHashKey, Data }));
  const where = hashKeys.length === 1 ? 'the shard' : `each of ${hashKeys.length} shards`;
  return update(
    { operation: 'PutRecords', input: { StreamName, Records } },
    `a probe on ${where}, again until the function answers one`,
  );
}

/** Removes the bucket with the answers in it. */
export function tidyUp(Bucket: string, seen: Verification | undefined, effect: 'update' | 'delete'): Decision {
  if (!seen) return NOTHING;
  const send = effect === 'update' ? update : remove;
  const Objects = seen.acknowledged.map((Key) => ({ Key }));
  const why = 'what was needed to verify delivery is removed';
  if (Objects.length === 0) return send({ operation: 'DeleteBucket', input: { Bucket } }, why);
  return send({ operation: 'DeleteObjects', input: { Bucket, Delete: { Objects, Quiet: true } } }, why);
}
