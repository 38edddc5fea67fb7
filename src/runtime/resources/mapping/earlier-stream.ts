import { given, OWN_TAGS, type Reader, whenNamed } from '../kind.ts';
import { type SeenStream, stream } from '../stream/stream.ts';
import type { MappingRef, SeenMapping } from './update.ts';

/**
 * Tag of a mapping: when its stream was created, in milliseconds since the epoch. Both times are from one clock: LocalStack
 * returns a mapping's own time in its machine's time zone as if it were UTC, and does not change it on update.
 */
const MADE_FOR = `${OWN_TAGS}stream-made-at`;

/** Engines return whole seconds or milliseconds, and may round when they restore their state from disk. */
const SAME_MS = 1_000;

/** The tags of a mapping created for this stream. */
export function madeForTags(seen: SeenStream | undefined): Record<string, string> | undefined {
  return seen?.madeAt === undefined ? undefined : { [MADE_FOR]: String(seen.madeAt) };
}

/** When its stream was created, by a mapping's tags. Undefined if unknown: ready-hooks did not create the mapping. */
export function madeForIn(tags: Record<string, string> | undefined): number | undefined {
  const madeFor = tags?.[MADE_FOR];
  return madeFor === undefined ? undefined : Number(madeFor);
}

/** Undefined if the engine (LocalStack before 4.0) does not tag mappings. */
export async function readMappingTags(
  Resource: string | undefined,
  { call, options, made = [] }: Pick<Reader, 'call' | 'options' | 'made'>,
): Promise<Record<string, string> | undefined> {
  if (!Resource) return undefined;
  const creation = made.find(
    ({ operation, answer }) => operation === 'CreateEventSourceMapping' && answer.EventSourceMappingArn === Resource,
  );
  if (creation) return (creation.input as { Tags?: Record<string, string> }).Tags;
  const none = whenNamed('ResourceNotFoundException', undefined);
  const found = await call('ListTags', { Resource }, options).catch(none);
  return found && given(found.Tags, 'ListTags', 'Tags');
}

/** The mapping's stream, as its own step has just seen it, or else read again. */
export async function streamOf(ref: MappingRef, reader: Reader): Promise<SeenStream | undefined> {
  const seen = reader.ready?.({ kind: 'stream', ref: { name: ref.stream } })?.seen as SeenStream | undefined;
  return seen ?? stream.observe({ name: ref.stream }, { ...reader, known: false }, { existing: true });
}

/**
 * Whether a mapping was created for an earlier or deleted stream of this name. On some engines its poller keeps its position
 * in that stream, and the mapping stays Enabled.
 */
export function readsEarlierStream(
  { madeFor, modifiedAt }: Pick<SeenMapping, 'madeFor' | 'modifiedAt'>,
  seen: Pick<SeenStream, 'madeAt'> | undefined,
  keepsEarlierStream = false,
): boolean {
  if (!keepsEarlierStream) return false;
  if (!seen) return true;
  const { madeAt } = seen;
  if (madeAt === undefined) return false;
  if (madeFor !== undefined) return Math.abs(madeFor - madeAt) >= SAME_MS;
  return modifiedAt !== undefined && modifiedAt < madeAt;
}
