import type { DeclaredMapping } from '../../definition/pipeline.ts';
import { filtersProblem } from '../../engine/filters.ts';
import type { Input, Request } from '../../engine/operations.ts';
import {
  type AheadReader,
  create,
  type Decision,
  fail,
  given,
  type Kind,
  NOTHING,
  ownerTag,
  type Reader,
  remove,
  streamArn,
  update,
  type World,
  whenNamed,
} from '../kind.ts';
import { shareAnswers } from '../shared-answers.ts';
import { type Held, heldRecords } from '../stream/held-records.ts';
import type { SeenStream } from '../stream/stream.ts';
import { madeForIn, madeForTags, readMappingTags, readsEarlierStream, streamOf } from './earlier-stream.ts';
import { findMappings } from './find.ts';
import { listMappings } from './list.ts';
import { difference, parties } from './not-found.ts';
import { cleanUp, observeVerification, probeBucket, type Verification, verifiedTags, verify } from './probe.ts';
import { probeProgress } from './probe-progress.ts';
import { configuration, type SeenAnswer, seenSettings, settingsOf, warnings } from './settings.ts';
import { restart, type Start, start, withArrival } from './starting-position.ts';
import { changes, type MappingRef, type SeenMapping, takeOver, updateOf } from './update.ts';

export interface SeenMappings {
  /** Every mapping of this stream and function: engines identify them only by UUID, and some create duplicates. */
  mappings: SeenMapping[];
  /** Undefined if it does not exist or does not matter on this engine. */
  stream?: SeenStream | undefined;
  /** The stream's records; read only if the decision depends on them. */
  held?: Held | undefined;
  /** This run has deleted a mapping: all of the stream's records were put while it existed. */
  replaces?: boolean;
  /** A verification of its delivery that has not finished. */
  verification?: Verification | undefined;
}

/** A Kinesis event source mapping. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const mapping: Kind<MappingRef, DeclaredMapping, SeenMappings> = {
  label: 'event source mapping',
  wait: { timeoutMs: 30_000 },

  async observe(ref, reader, declared) {
    const { world, made = [] } = reader;
    const keepsStream = declared && world.engine.quirks.pollerKeepsEarlierStream;
    const mappings = await readMappings(ref, reader, keepsStream);
    const verification = !declared || declared.verifyDelivery ? await observeVerification(ref, reader) : undefined;
    const stream = keepsStream ? await streamOf(ref, reader) : undefined;
    const replaces = made.some(({ operation }) => operation === 'DeleteEventSourceMapping');
    const needsRecords = declared && !replaces && wantsRecords(declared, mappings, world);
    const held = needsRecords ? await holds(ref.stream, reader) : undefined;
    return { mappings, replaces, stream, held, verification };
  },

  readAhead: firstList,

  warnings,

  unsupported(ref, declared, { engine }) {
    const filters = filtersProblem(declared.filters, engine);
    if (filters) return `Event source mapping ${title(ref)} has ${filters.problem}: ${filters.fix}.`;
    if (declared.startingPosition !== 'AT_TIMESTAMP') return;
    if (engine.quirks.mappingsStartAtHorizon)
      return `Event source mapping ${title(ref)} has startingPosition AT_TIMESTAMP, which this engine ignores (it starts every mapping at TRIM_HORIZON): use TRIM_HORIZON.`;
    if (engine.quirks.atTimestampIsLatest)
      return `Event source mapping ${title(ref)} has startingPosition AT_TIMESTAMP, which this engine takes for LATEST: use LATEST or TRIM_HORIZON.`;
    if (!engine.quirks.atTimestampNeverDelivers) return;
    return `Event source mapping ${title(ref)} has startingPosition AT_TIMESTAMP, which this engine accepts, but then delivers nothing (its poller fails on StartingPositionTimestamp): use TRIM_HORIZON or LATEST.`;
  },

  decide(ref, declared, seen = { mappings: [] }, world): Decision {
    const { mappings, verification } = seen;
    if (!declared) return removal(mappings, world) ?? cleanUp(probeBucket(ref, world), verification, 'delete');
    const itself = bringUp(ref, declared, seen, world);
    const decision = declared.verifyDelivery ? verify(ref, mappings[0], itself, verification, world) : itself;
    return decision.do === 'nothing' ? takeOver(mappings[0] ?? {}, world) : decision;
  },

  isPropagation: isNotFound,

  async permanent(error, ref, aws) {
    return isNotFound(error) ? difference(error.message, await parties(ref, aws)) : undefined;
  },

  find: findMappings,

  explain: async (operation, ref, aws) =>
    operation === 'PutRecords' ? probeProgress(ref, aws).catch(() => undefined) : undefined,
};

function isNotFound({ name, message }: { name: string; message: string }): boolean {
  return (
    name === 'ResourceNotFoundException' ||
    (name === 'InvalidParameterValueException' && /does not exist|not found/i.test(message))
  );
}

/** The decision about the mapping itself. */
function bringUp(ref: MappingRef, declared: DeclaredMapping, seen: SeenMappings, world: World): Decision {
  const { mappings, held = 'unknown' } = seen;
  const deleting = mappings.find(({ state }) => state === 'Deleting');
  if (deleting)
    return {
      do: 'wait',
      until: 'for an earlier mapping to be deleted',
      seen: `${deleting.uuid} Deleting`,
      advice: `LocalStack leaves a mapping that was deleted while Disabled at Deleting until it restarts: restart the engine, or rename the stream or the function.`,
    };
  const [found, ...others] = mappings;
  if (!found) return creation(ref, declared, seen, world);
  if (others.length > 0)
    return fail(
      `Event source mapping ${title(ref)} was expected once but exists ${mappings.length} times, so each record would be delivered ${mappings.length} times: ${mappings.map(({ uuid }) => uuid).join(', ')}; delete all but one (aws lambda delete-event-source-mapping --uuid …) and apply again.`,
    );
  if (declared.enabled && readsEarlierStream(found, seen.stream, world.engine.quirks.pollerKeepsEarlierStream))
    return removal(mappings, world, (request) => update(request, earlierStream(seen.stream))) ?? NOTHING;
  if (found.state !== 'Enabled' && found.state !== 'Disabled')
    return { do: 'wait', until: `for it to be ${declared.enabled ? 'Enabled' : 'Disabled'}`, seen: found.state };
  return updateOf(title(ref), declared, found, held, world);
}

function earlierStream(seen: SeenStream | undefined): string {
  return seen?.madeAt === undefined
    ? 'its stream was deleted, and it would not read a new one; re-creating it'
    : `its stream was re-created at ${new Date(seen.madeAt).toISOString()}, but it keeps its position in the old one; re-creating it`;
}

function title(ref: MappingRef): string {
  return `${ref.stream} → ${ref.function}`;
}

async function readMappings(ref: MappingRef, reader: Reader, withStream: boolean | undefined): Promise<SeenMapping[]> {
  const place = { ...reader, ...reader.world };
  const created = new Map(createdIn(reader).map((uuid) => [uuid, getMapping(uuid, reader)]));
  const [listed] = await Promise.all([reader.known ? list(ref, place) : firstList(ref, place), ...created.values()]);
  const read = listed.map((one) => {
    const { UUID = '' } = one;
    return readMapping(one, created.get(UUID) ?? getMapping(UUID, reader), reader, withStream);
  });
  return (await Promise.all(read)).filter((found) => found !== undefined);
}

function list(ref: MappingRef, { options, ...place }: AheadReader): Promise<SeenAnswer[]> {
  return listMappings(ref, place, options);
}

function firstList(ref: MappingRef, reader: AheadReader): Promise<SeenAnswer[]> {
  const { shared = shareAnswers() } = reader;
  return shared(`mappings of ${ref.stream} and ${ref.function}`, () => list(ref, reader)).answer;
}

/** The UUIDs of the mappings that this step has created: reading one need not wait for the list. */
function createdIn({ made = [] }: Reader): string[] {
  return made.flatMap(({ operation, answer }) =>
    operation === 'CreateEventSourceMapping' && answer.UUID ? [answer.UUID] : [],
  );
}

/**
 * List returns an outdated state, so each mapping is read with Get. A mapping that List still returns but Get does not
 * lingers: LocalStack rejects another one like it until List drops it too.
 */
async function readMapping(
  listed: SeenAnswer,
  got: Promise<SeenAnswer | undefined>,
  reader: Reader,
  withStream: boolean | undefined,
): Promise<SeenMapping | undefined> {
  const { EventSourceMappingArn, State } = listed;
  const [m, tags] = await Promise.all([got, withStream ? readMappingTags(EventSourceMappingArn, reader) : undefined]);
  if (!m) return State === 'Deleting' ? { ...seenAs(listed), lingers: true } : undefined;
  const madeFor = madeForIn(tags);
  return { ...seenAs(m), ...(tags && { tags }), ...(madeFor !== undefined && { madeFor }) };
}

/** Undefined if it does not exist. */
async function getMapping(UUID: string, { call, options }: Reader): Promise<SeenAnswer | undefined> {
  const m = await call('GetEventSourceMapping', { UUID }, options).catch(
    whenNamed('ResourceNotFoundException', undefined),
  );
  if (m) given(m.UUID, 'GetEventSourceMapping', 'UUID');
  return m;
}

function seenAs(m: SeenAnswer): SeenMapping {
  return {
    uuid: m.UUID ?? '',
    ...(m.EventSourceMappingArn && { arn: m.EventSourceMappingArn }),
    state: m.State ?? 'Enabled',
    startingPosition: m.StartingPosition ?? '',
    ...(m.LastModified && { modifiedAt: m.LastModified.getTime() }),
    ...seenSettings(m),
  };
}

/** Whether the next decision depends on the stream's records: where to start, or which ones an update delivers again. */
function wantsRecords(declared: DeclaredMapping, mappings: SeenMapping[], world: World): boolean {
  const { latestLosesFirstRecords, mappingsStartAtHorizon = false, updateRestartsPoller = false } = world.engine.quirks;
  const [found] = mappings;
  if (!found) return declared.startingPosition === 'LATEST' && (latestLosesFirstRecords || mappingsStartAtHorizon);
  return updateRestartsPoller && changes(declared, found, world).length > 0;
}

/** For how many milliseconds a stream created by this run counts as empty. */
const BELIEVED_EMPTY_MS = 1_000;

/** The stream's records; not read if this run has just created the stream. */
async function holds(name: string, reader: Reader): Promise<Held> {
  const { createdAt = Number.NEGATIVE_INFINITY } = reader.ready?.({ kind: 'stream', ref: { name } }) ?? {};
  return reader.world.now - createdAt <= BELIEVED_EMPTY_MS ? 'none' : heldRecords(name, reader);
}

function creation(ref: MappingRef, declared: DeclaredMapping, seen: SeenMappings, world: World): Decision {
  const { replaces = false, held = 'unknown' } = seen;
  if (!replaces && held === 'unknown' && wantsRecords(declared, [], world))
    return { do: 'wait', until: 'for the stream to return its records', seen: 'only empty responses before its end' };
  const from = replaces ? restart(declared) : start(declared, held === 'unknown' ? 'none' : held, world);
  const { position, note, warning } = from;
  const why = `batch size ${declared.batchSize}, ${note ?? position}`;
  const tags = { ...madeForTags(seen.stream), ...ownerTag(world.owner), ...verifiedTags(declared) };
  const input = creationInput(ref, declared, from, tags, world);
  return create({ operation: 'CreateEventSourceMapping', input }, why, warning ? { warning } : {});
}

function creationInput(
  ref: MappingRef,
  declared: DeclaredMapping,
  { position, filters }: Start,
  tags: Record<string, string>,
  world: World,
): Input<'CreateEventSourceMapping'> {
  const { FilterCriteria, DestinationConfig, ...rest } = configuration(settingsOf(declared), filters, declared.enabled);
  return {
    EventSourceArn: streamArn(ref.stream, world),
    FunctionName: ref.function,
    StartingPosition: position,
    ...(declared.startingPositionTimestamp && {
      StartingPositionTimestamp: new Date(declared.startingPositionTimestamp),
    }),
    ...rest,
    ...(filters.length > 0 && { FilterCriteria }),
    ...(declared.onFailure && { DestinationConfig }),
    ...(Object.keys(tags).length > 0 && { Tags: tags }),
  };
}

/** `undefined` if none is left. */
function removal(
  mappings: SeenMapping[],
  { engine }: World,
  send: (request: Request) => Decision = remove,
): Decision | undefined {
  const alive = mappings.find(({ state }) => state !== 'Deleting');
  if (alive?.state === 'Disabled' && engine.quirks.disabledMappingNeverGoes) {
    const Filters = [{ Pattern: JSON.stringify(withArrival([], '<', 0)[0]) }];
    const input = { UUID: alive.uuid, Enabled: true, FilterCriteria: { Filters } };
    return update(
      { operation: 'UpdateEventSourceMapping', input },
      'enabled with a filter that matches no record, because this engine never deletes a Disabled mapping',
    );
  }
  if (alive) return send({ operation: 'DeleteEventSourceMapping', input: { UUID: alive.uuid } });
  // One that lingers may stay forever, and no longer reads the stream.
  const last = mappings.find(({ lingers }) => !lingers);
  return last && { do: 'wait', until: 'for it to be deleted', seen: 'Deleting' };
}
