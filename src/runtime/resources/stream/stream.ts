import type { DeclaredStream, Existing } from '../../definition/pipeline.ts';
import type { Input, Request } from '../../engine/operations.ts';
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
  streamArn,
  tagUpdates,
  takenOver,
  update,
  type World,
  waitForExisting,
  whenNamed,
  withOwners,
} from '../kind.ts';
import { isListed, listStreams, readStreamTags, shareList } from './listed.ts';

export interface SeenStream {
  arn: string;
  status: string;
  streamMode: string;
  shardCount: number;
  retentionPeriodHours: number;
  /** Undefined if the definition does not need them. */
  tags?: Record<string, string>;
  /** Number of mappings on this stream: on some engines resharding restarts their pollers. Read only if that matters. */
  readers?: number;
  /** Milliseconds since the epoch, by the engine's clock; undefined if it returns none. */
  madeAt?: number;
  /** This step has created it and not tagged it yet: no engine we know keeps the tags of CreateStream. */
  isUntagged?: boolean;
}

type Declared = DeclaredStream | Existing;

/** A Kinesis data stream. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
export const stream: Kind<NameRef, Declared, SeenStream> = {
  label: 'stream',
  wait: { timeoutMs: 10_000 },
  // LocalStack's Kinesis engine rejects a sixth stream while five are CREATING, as AWS does.
  mostCreating: 5,
  // Enough for a list and CreateStream on an engine that is up; requests sent at the same time would delay them.
  headStartMs: 25,

  async observe({ name }, reader, declared) {
    if (!reader.known && !(await isListed(name, reader))) return undefined;
    return read(name, reader, declared).catch(whenNamed('ResourceNotFoundException', undefined));
  },

  readAhead: (_, reader) => shareList(reader).answer,

  decide(ref, declared, seen, world): Decision {
    const { name } = ref;
    if (!declared) return removal(name, seen);
    if (!seen) return declared.existing ? waitForExisting('stream', world) : creation(name, declared, world);
    const expectedArn = streamArn(name, world);
    if (seen.arn !== expectedArn)
      return fail(
        `Stream ${name} was expected as ${expectedArn}, but the engine has ${seen.arn}: set region and account in the definition to those of the stream.`,
      );
    // Usually while it is CREATING, which costs no time. One that is ACTIVE but cannot be tagged times out.
    if (seen.isUntagged) return update(addTags(name, ownerTag(world.owner)), `tag ${PIPELINE}`);
    return seen.status === 'ACTIVE' ? first(updates(ref, declared, seen, world)) : wait(seen.status, world);
  },

  updates,

  async find({ call }, skips) {
    const found = (await listStreams({ call, options: {} })).map((name) => ({ ref: { name } }));
    return withOwners(
      found.filter(({ ref }) => !skips(ref)),
      ({ ref }) => readStreamTags(ref.name, { call, options: {} }),
    );
  },
};

function addTags(StreamName: string, Tags: Record<string, string>): Request {
  return { operation: 'AddTagsToStream', input: { StreamName, Tags } };
}

async function read(name: string, reader: Reader, declared: Declared | undefined): Promise<SeenStream> {
  const { call, options, world, made = [] } = reader;
  const described = await call('DescribeStreamSummary', { StreamName: name }, options);
  const s = given(described.StreamDescriptionSummary, 'DescribeStreamSummary', 'StreamDescriptionSummary');
  const seen: SeenStream = {
    arn: given(s.StreamARN, 'DescribeStreamSummary', 'StreamARN'),
    status: s.StreamStatus ?? 'UNKNOWN',
    streamMode: s.StreamModeDetails?.StreamMode ?? 'PROVISIONED',
    shardCount: s.OpenShardCount ?? 0,
    retentionPeriodHours: s.RetentionPeriodHours ?? 24,
    ...(s.StreamCreationTimestamp && { madeAt: s.StreamCreationTimestamp.getTime() }),
  };
  if (!declared || declared.existing) return seen;
  const creation = made.find(({ operation }) => operation === 'CreateStream');
  if (creation && world.owner !== undefined && !made.some(({ operation }) => operation === 'AddTagsToStream'))
    seen.isUntagged = true;
  if (seen.status !== 'ACTIVE') return seen;
  // A stream that this step created without declared tags has none.
  const hasNoTags = creation && !(creation.input as Input<'CreateStream'>).Tags;
  seen.tags = hasNoTags ? {} : await readStreamTags(name, reader);
  if (world.engine.quirks.reshardBreaksMappings && wantsReshard(declared, seen)) {
    const { EventSourceMappings } = await call('ListEventSourceMappings', { EventSourceArn: seen.arn }, options);
    seen.readers = given(EventSourceMappings, 'ListEventSourceMappings', 'EventSourceMappings').length;
  }
  return seen;
}

function wait(status: string, { engine }: World): Decision {
  const lastsMs = status === 'CREATING' ? engine.quirks.streamCreatingMs : undefined;
  return { do: 'wait', until: 'for it to be ACTIVE', seen: status, lastsMs };
}

function wantsReshard(declared: DeclaredStream, seen: SeenStream): boolean {
  return (
    declared.streamMode === 'PROVISIONED' &&
    seen.streamMode === 'PROVISIONED' &&
    (declared.shardCount ?? 1) !== seen.shardCount
  );
}

function creation(name: string, declared: DeclaredStream, { engine, owner }: World): Decision {
  const { streamMode, shardCount, tags } = declared;
  const provisioned = streamMode === 'PROVISIONED';
  const input = {
    StreamName: name,
    StreamModeDetails: { StreamMode: streamMode },
    // Without it, LocalStack creates 4 shards.
    ...(provisioned && { ShardCount: shardCount }),
    ...(Object.keys(tags).length > 0 && { Tags: tags }),
  };
  const why = provisioned ? `${shardCount} shard${shardCount === 1 ? '' : 's'}` : 'on-demand';
  // Its tag is set while it is CREATING.
  const lastsMs = owner === undefined ? engine.quirks.streamCreatingMs : undefined;
  return create({ operation: 'CreateStream', input }, why, { lastsMs });
}

/** One change at a time, because most put the stream in UPDATING. */
function* updates({ name }: NameRef, declared: Declared, seen: SeenStream, world: World): Generator<Decision> {
  if (declared.existing) return;
  if (declared.streamMode !== seen.streamMode) {
    const input = { StreamARN: seen.arn, StreamModeDetails: { StreamMode: declared.streamMode } };
    yield update({ operation: 'UpdateStreamMode', input }, `from ${seen.streamMode} to ${declared.streamMode}`);
  }
  if (wantsReshard(declared, seen)) yield reshard(name, declared.shardCount ?? 1, seen);
  const hours = declared.retentionPeriodHours;
  if (hours !== seen.retentionPeriodHours) {
    const operation =
      hours > seen.retentionPeriodHours ? 'IncreaseStreamRetentionPeriod' : 'DecreaseStreamRetentionPeriod';
    yield update(
      { operation, input: { StreamName: name, RetentionPeriodHours: hours } },
      `retention from ${seen.retentionPeriodHours} to ${hours} hours`,
    );
  }
  const tags = seen.tags ?? {};
  yield* tagUpdates(
    { ...declared.tags, ...takenOver(tags, world.owner) },
    tags,
    (Tags) => addTags(name, Tags),
    (TagKeys) => ({ operation: 'RemoveTagsFromStream', input: { StreamName: name, TagKeys } }),
  );
}

function reshard(name: string, shardCount: number, { shardCount: current, readers = 0 }: SeenStream): Decision {
  if (readers > 0)
    return fail(
      `Stream ${name} has ${current} shard${current === 1 ? '' : 's'}, but the definition says ${shardCount}: on this engine a mapping on a resharded stream loses records or delivers them again, so it was not changed; declare ${current}, or run npx ready-hooks destroy and apply again for a new stream (its records are lost).`,
    );
  const input = { StreamName: name, TargetShardCount: shardCount, ScalingType: 'UNIFORM_SCALING' as const };
  return update({ operation: 'UpdateShardCount', input }, `from ${current} to ${shardCount} shards`);
}

function removal(name: string, seen: SeenStream | undefined): Decision {
  if (!seen) return NOTHING;
  // CreateStream fails until the old stream is gone, so wait.
  if (seen.status === 'DELETING') return { do: 'wait', until: 'for it to be deleted', seen: seen.status };
  return remove({ operation: 'DeleteStream', input: { StreamName: name, EnforceConsumerDeletion: true } });
}
