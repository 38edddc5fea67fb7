import type { Pipeline } from '../definition/pipeline.ts';
import { engineName } from '../engine/detect.ts';
import { asSentence, backoffMs, classify, type SdkError } from '../engine/request-errors.ts';
import { type Identity, type KindName, keyOf } from '../identity.ts';
import { declaredKeys, holdsData, type LeftOver, leftOvers, type OnEngine } from '../left-over.ts';
import { planSteps } from '../plan.ts';
import { kindOf } from '../resources/index.ts';
import type { FoundMapping } from '../resources/mapping/find.ts';
import type { Removable } from './apply.ts';
import type { RunContext } from './context.ts';
import type { Preview } from './preview.ts';

/** What to delete of what is left over: mappings and functions, or also streams and buckets with their data. */
export type Prune = 'functions' | 'data';

export interface PruneCommand {
  /** The command that deletes what is left over, ready to paste. */
  pruneCommand?: ((prune: Prune, endpoint: string | undefined) => string) | undefined;
}

type Context = Pick<RunContext, 'aws' | 'clock' | 'signal'>;

/** What a pipeline made and no longer declares. What `others`, applied together with it, declare is not left over. */
export async function readLeftOvers(
  { owner, pipeline }: Pick<Removable, 'owner' | 'pipeline'>,
  context: Context,
  others: readonly Pipeline[] = [],
): Promise<LeftOver[]> {
  return (await readAll({ owner, pipeline }, context, others)).left;
}

/** The same, and what this engine hides. */
export async function readAll(
  { owner, pipeline }: Pick<Removable, 'owner' | 'pipeline'>,
  context: Context,
  others: readonly Pipeline[] = [],
): Promise<{ left: LeftOver[]; hidden?: string | undefined }> {
  if (owner === undefined) return { left: [] };
  const declared = declaredKeys([pipeline, ...others]);
  const found = await readEngine(context, (identity) => declared.has(keyOf(identity)));
  const hidden = found.mapping.some(({ isOurs, isGoing }) => isOurs === undefined && !isGoing)
    ? `${engineName(context.aws.engine)} keeps no tags of event source mappings: one that is no longer declared is recognised only if its function is not declared either.`
    : undefined;
  return { left: leftOvers(found, pipeline, owner), hidden };
}

/** What a pipeline would delete that belongs to another one: that one made it, or declared it later. */
export async function readOthers(
  { owner, pipeline }: Pick<Removable, 'owner' | 'pipeline'>,
  context: Context,
): Promise<(Identity & { owner: string })[]> {
  if (owner === undefined) return [];
  const own = new Set(planSteps(pipeline).flatMap((step) => (step.existing ? [] : keyOf(step))));
  const found = await readEngine(context, (identity) => !own.has(keyOf(identity)));
  return (['mapping', 'function', 'stream', 'bucket'] as const).flatMap((kind) =>
    found[kind].flatMap(({ ref, owner: other }) =>
      other === undefined || other === owner ? [] : { kind, ref: { ...ref }, owner: other },
    ),
  );
}

const ATTEMPTS = 5;

async function readEngine(context: Context, skips: (identity: Identity) => boolean): Promise<OnEngine> {
  const { aws, clock, signal } = context;
  const find = async (kind: KindName) =>
    (await kindOf(kind)
      .find?.(aws, (ref: Identity['ref']) => skips({ kind, ref }))
      .catch(noneIfNotEnabled)) ?? [];
  for (let attempt = 1; ; attempt++) {
    try {
      const [mapping, fn, stream, bucket] = await Promise.all([
        find('mapping'),
        find('function'),
        find('stream'),
        find('bucket'),
      ]);
      return { mapping: mapping as FoundMapping[], function: fn, stream, bucket };
    } catch (error) {
      signal?.throwIfAborted();
      const failure = classify(error as SdkError);
      if (failure === 'bug' || failure === 'rejected' || attempt === ATTEMPTS) return asSentence(aws.endpoint)(error);
      await clock.sleep(backoffMs(attempt), signal).catch(() => signal?.throwIfAborted());
    }
  }
}

/** LocalStack answers 501 for a service that SERVICES leaves out. */
function noneIfNotEnabled(error: SdkError): undefined {
  if (error.$metadata?.httpStatusCode !== 501) throw error;
}

/** What is left over, as rows of a plan or a status. */
export async function previewLeftOvers(
  pipeline: Removable,
  context: Context,
  { endpoint, others }: { endpoint?: string | undefined; others?: readonly Pipeline[] },
): Promise<Preview[]> {
  const left = await readLeftOvers(pipeline, context, others);
  return left.map(({ step, kind, ref, stillReads, usedBy }) => {
    const command = usedBy === undefined && pipeline.pruneCommand?.(pruneOf({ kind, ref }), endpoint);
    const leftOver = {
      ...(stillReads && { stillReads }),
      ...(usedBy !== undefined && { usedBy }),
      ...(command && { command }),
    };
    return { step, kind, ref, change: 'left over', detail: detailOf(ref, leftOver), leftOver };
  });
}

/** What to delete to delete this. */
export function pruneOf(identity: Identity): Prune {
  return holdsData(identity) ? 'data' : 'functions';
}

function detailOf(ref: Identity['ref'], { stillReads, usedBy }: Pick<LeftOver, 'stillReads' | 'usedBy'>): string {
  const reads = stillReads ? `, but still handles the records of ${ref['stream']}` : '';
  return `no longer declared${reads}${usedBy === undefined ? '' : `; stays, because ${usedBy} uses it`}`;
}
