import type { Pipeline } from './definition/pipeline.ts';
import { type Identity, keyOf } from './identity.ts';
import { labelOf, planSteps } from './plan.ts';
import type { LeftOverResource } from './report/events.ts';
import type { Found, NameRef } from './resources/kind.ts';
import type { FoundMapping } from './resources/mapping/find.ts';

// A pipeline is its name: the file name of its definition, which is also that of its hook. Everything that it makes has a tag
// with this name. What has the tag and is not declared (any more) is left over. A resource without the tag was made by hand, by
// another tool or by a pipeline without a name, and is never left over.

/** A resource that a pipeline made and no longer declares. */
export type LeftOver = LeftOverResource;

/** The resources of an engine, except those that are declared. */
export interface OnEngine {
  mapping: readonly FoundMapping[];
  function: readonly Found<NameRef>[];
  stream: readonly Found<NameRef>[];
  bucket: readonly Found<NameRef>[];
}

/** The keys of everything that these pipelines declare, existing resources included. */
export function declaredKeys(pipelines: readonly Pipeline[]): Set<string> {
  return new Set(pipelines.flatMap((pipeline) => planSteps(pipeline).map(keyOf)));
}

/** What a pipeline made and no longer declares, in the order of deletion: mappings first. */
export function leftOvers(found: OnEngine, pipeline: Pipeline, owner: string): LeftOver[] {
  const isOwn = ({ owner: its }: { owner?: string | undefined }) => its === owner;
  const functions = new Set(found.function.filter(isOwn).map(({ ref }) => ref.name));
  /** A mapping that an earlier version made, or whose tags the engine does not keep, goes with its function. */
  const goesWithFunction = (mapping: FoundMapping) =>
    functions.has(mapping.ref.function) &&
    (mapping.isGoing || (mapping.isOurs !== false && mapping.owner === undefined));
  const [own, others] = split(found.mapping, (mapping) => isOwn(mapping) || goesWithFunction(mapping));
  const alive = others.filter(({ isGoing }) => !isGoing);
  const mappings = byPair(own).map(([identity, same]) => {
    const stillReads = same.some(({ isReading, ref }) => isReading && ref.stream in pipeline.streams);
    const [twin] = alive.filter((other) => keyOf(mappingId(other)) === keyOf(identity));
    return leftOver(identity, twin, stillReads && { stillReads });
  });
  // What a mapping that stays needs stays, too.
  const kept = mappings.filter(({ usedBy }) => usedBy !== undefined);
  const user = (side: 'function' | 'stream', name: string) =>
    alive.find(({ ref }) => ref[side] === name) ?? kept.find(({ ref }) => ref[side] === name);
  const named = (kind: 'function' | 'stream') =>
    found[kind].filter(isOwn).map(({ ref }) => leftOver({ kind, ref: { ...ref } }, user(kind, ref.name)));
  const buckets = found.bucket.filter(isOwn).map(({ ref }) => leftOver({ kind: 'bucket', ref: { ...ref } }));
  return [...mappings, ...named('function'), ...named('stream'), ...buckets];
}

/** Whether deleting it loses data: records of a stream or objects of a bucket. */
export function holdsData({ kind }: Identity): boolean {
  return kind === 'stream' || kind === 'bucket';
}

function leftOver(identity: Identity, user?: FoundMapping | LeftOver, more: object | false = {}): LeftOver {
  const usedBy = user && ('uuid' in user ? `${labelOf(mappingId(user))} (${user.uuid})` : user.step);
  return { step: labelOf(identity), ...identity, ...more, ...(usedBy !== undefined && { usedBy }) };
}

function mappingId({ ref }: FoundMapping): Identity {
  return { kind: 'mapping', ref: { ...ref } };
}

/** An engine can have several mappings of one stream and function. */
function byPair(mappings: readonly FoundMapping[]): [Identity, FoundMapping[]][] {
  const identities = new Map(mappings.map((mapping) => [keyOf(mappingId(mapping)), mappingId(mapping)]));
  return [...identities].map(([key, identity]) => [
    identity,
    mappings.filter((mapping) => keyOf(mappingId(mapping)) === key),
  ]);
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
