import type { Contents } from './contents/contents.ts';
import type { DeclaredFunction, DeclaredMapping, Existing, Pipeline, Wait } from './definition/pipeline.ts';
import { type Identity, identityOf, keyOf } from './identity.ts';
import { kindOf } from './resources/index.ts';

/** Brings one resource to its declared state; starts once the steps in `needs` are ready. */
export interface Step extends Identity {
  /** For people: `stream hallow-event-stream`. */
  label: string;
  /** `undefined`: the resource should not exist. */
  declared: unknown;
  existing: boolean;
  needs: Identity[];
  wait: StepWait;
}

/** Milliseconds. Without `intervalMs`, the pause between two checks grows from 50 to 250. */
export interface StepWait {
  timeoutMs: number;
  intervalMs?: number;
  settleMs: number;
}

/**
 * The steps of a pipeline, each after those it needs. A function needs its buckets. A mapping needs its stream, its function,
 * its failure bucket and the seeds of its function's buckets. The seed of a stream needs all mappings of that stream.
 */
export function planSteps(pipeline: Pipeline, { codes, records, objects }: Partial<Contents> = {}): Step[] {
  const step = (identity: Identity, declared: Existing | object, needs: Identity[] = []): Step => ({
    ...identity,
    label: labelOf(identity),
    declared,
    existing: 'existing' in declared && declared.existing === true,
    needs: [...new Map(needs.map((need) => [keyOf(need), need])).values()],
    wait: waitOf(identity, pipeline.wait, (declared as { wait?: Wait }).wait),
  });
  const seeded = Object.entries(pipeline.buckets).flatMap(([name, declared]) =>
    !declared.existing && declared.seed ? name : [],
  );
  return [
    ...Object.entries(pipeline.buckets).map(([name, declared]) => step(bucketId(name), declared)),
    ...seeded.map((name) => step(bucketSeedId(name), { objects: objects?.get(name) }, [bucketId(name)])),
    ...Object.entries(pipeline.streams).map(([name, declared]) => step(streamId(name), declared)),
    ...Object.entries(pipeline.functions).map(([name, declared]) => {
      if (declared.existing) return step(functionId(name), declared);
      return step(functionId(name), { ...declared, code: codes?.get(name) }, bucketsOf(declared).map(bucketId));
    }),
    ...pipeline.eventSourceMappings.map((declared) =>
      step(mappingId(declared), declared, [
        streamId(declared.stream),
        functionId(declared.function),
        ...failureBucket(declared).map(bucketId),
        ...bucketsOf(pipeline.functions[declared.function])
          .filter((name) => seeded.includes(name))
          .map(bucketSeedId),
      ]),
    ),
    ...Object.entries(pipeline.streams).flatMap(([name, declared]) => {
      if (declared.existing || !declared.seed) return [];
      const mappings = pipeline.eventSourceMappings.filter(({ stream }) => stream === name);
      const identity: Identity = { kind: 'streamSeed', ref: { name } };
      return step(identity, { records: records?.get(name) }, [streamId(name), ...mappings.map(mappingId)]);
    }),
  ];
}

/**
 * The steps that delete a pipeline's resources, in reverse order, and those that it no longer declares. Resources declared as
 * existing stay.
 */
export function planRemoval(pipeline: Pipeline, leftOver: readonly Identity[] = []): Step[] {
  const declared = planSteps(pipeline).filter(({ kind, existing }) => !existing && !kindOf(kind).isDeletedWithOwner);
  const steps = [...declared, ...leftOver.map((identity) => leftOverStep(identity, pipeline)).reverse()];
  const neededBy = (key: string) => steps.filter(({ needs }) => needs.some((need) => keyOf(need) === key));
  return steps
    .map((step) => ({ ...step, declared: undefined, needs: neededBy(keyOf(step)).map(identityOf) }))
    .reverse();
}

/** The steps that delete only what a pipeline no longer declares. */
export function planPruning(pipeline: Pipeline, leftOver: readonly Identity[]): Step[] {
  return planRemoval({ ...pipeline, buckets: {}, streams: {}, functions: {}, eventSourceMappings: [] }, leftOver);
}

function leftOverStep({ kind, ref }: Identity, { wait }: Pipeline): Step {
  const { stream = '', function: name = '' } = ref;
  const identity = { kind, ref };
  return {
    ...identity,
    label: labelOf(identity),
    declared: undefined,
    existing: false,
    needs: kind === 'mapping' ? [streamId(stream), functionId(name)] : [],
    wait: waitOf(identity, wait, undefined),
  };
}

/** The name of a step for people: `event source mapping orders → writer`. */
export function labelOf({ kind, ref }: Identity): string {
  return `${kindOf(kind).label} ${ref['name'] ?? `${ref['stream']} → ${ref['function']}`}`;
}

const bucketId = (name: string): Identity => ({ kind: 'bucket', ref: { name } });
const bucketSeedId = (name: string): Identity => ({ kind: 'bucketSeed', ref: { name } });
const streamId = (name: string): Identity => ({ kind: 'stream', ref: { name } });
const functionId = (name: string): Identity => ({ kind: 'function', ref: { name } });
const mappingId = ({ stream, function: name }: DeclaredMapping): Identity => ({
  kind: 'mapping',
  ref: { stream, function: name },
});

/** The buckets whose names a function gets. */
function bucketsOf(declared: DeclaredFunction | Existing | undefined): string[] {
  return declared && !declared.existing ? Object.values((declared as DeclaredFunction).buckets) : [];
}

function failureBucket({ onFailure }: DeclaredMapping): string[] {
  return onFailure && 'bucket' in onFailure ? [onFailure.bucket] : [];
}

function waitOf({ kind }: Identity, pipeline: Wait | undefined, own: Wait | undefined): StepWait {
  const intervalMs = own?.intervalMs ?? pipeline?.intervalMs;
  return {
    timeoutMs: own?.timeoutMs ?? pipeline?.timeoutMs ?? kindOf(kind).wait.timeoutMs,
    settleMs: own?.settleMs ?? pipeline?.settleMs ?? 0,
    ...(intervalMs !== undefined && { intervalMs }),
  };
}
