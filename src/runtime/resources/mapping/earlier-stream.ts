import { given, OWN_TAGS, type Reader, whenNamed } from '../kind.ts';
import { type SeenStream, stream } from '../stream/stream.ts';
import type { MappingRef, SeenMapping } from './update.ts';

/**
 * Tag of a mapping: when the stream was made that it was made for, in milliseconds since the epoch. Times of one clock are compared:
 * LocalStack tells a mapping's own time in the zone of its machine, as if it were UTC, and does not change it with an update.
 */
const MADE_FOR = `${OWN_TAGS}stream-made-at`;

/** Engines tell whole seconds or milliseconds, and one that reads its state from disk may round. */
const SAME_MS = 1_000;

/** The tags of a mapping that is made for this stream. */
export function madeForTags(seen: SeenStream | undefined): Record<string, string> | undefined {
  return seen?.madeAt === undefined ? undefined : { [MADE_FOR]: String(seen.madeAt) };
}

/** Undefined where nothing tells: the mapping is not of this tool's making, or the engine (LocalStack before 4.0) does not tag mappings. */
export async function readMadeFor(
  arn: string | undefined,
  { call, options, made = [] }: Pick<Reader, 'call' | 'options' | 'made'>,
): Promise<number | undefined> {
  if (!arn) return undefined;
  const creation = made.find(
    ({ operation, answer }) => operation === 'CreateEventSourceMapping' && answer.EventSourceMappingArn === arn,
  );
  const tags = creation ? (creation.input as { Tags?: Record<string, string> }).Tags : await tagsOf(arn);
  const madeFor = tags?.[MADE_FOR];
  return madeFor === undefined ? undefined : Number(madeFor);

  async function tagsOf(Resource: string) {
    const none = whenNamed('ResourceNotFoundException', undefined);
    const found = await call('ListTags', { Resource }, options).catch(none);
    return found && given(found.Tags, 'ListTags', 'Tags');
  }
}

/** The mapping's stream, as its own step has just seen it, or else as it is now. */
export async function streamOf(ref: MappingRef, reader: Reader): Promise<SeenStream | undefined> {
  const seen = reader.ready?.({ kind: 'stream', ref: { name: ref.stream } })?.seen as SeenStream | undefined;
  return seen ?? stream.observe({ name: ref.stream }, { ...reader, known: false }, { existing: true });
}

/**
 * Whether a mapping was made for an earlier stream of this name, or for one that is gone. On some engines its poller keeps
 * that one's place, Enabled all the while.
 */
export function readsEarlierStream(
  { madeFor, modifiedAt }: Pick<SeenMapping, 'madeFor' | 'modifiedAt'>,
  seen: Pick<SeenStream, 'madeAt'> | undefined,
  keepsEarlierStream: boolean,
): boolean {
  if (!keepsEarlierStream) return false;
  if (!seen) return true;
  const { madeAt } = seen;
  if (madeAt === undefined) return false;
  if (madeFor !== undefined) return Math.abs(madeFor - madeAt) >= SAME_MS;
  return modifiedAt !== undefined && modifiedAt < madeAt;
}
