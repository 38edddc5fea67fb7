import type { Contents } from './contents/contents.ts';
import type { DeclaredFunction, DeclaredMapping, Existing, Pipeline, Wait } from './definition/pipeline.ts';
import { type KindName, kindOf } from './resources/index.ts';

/** One resource to bring to what is declared, and the steps that must have been seen ready before it starts. */
export interface Step {
  /** Unique and readable: `stream hallow-event-stream`. */
  id: string;
  kind: KindName;
  ref: Record<string, string>;
  /** `undefined`: it should not exist. */
  declared: unknown;
  existing: boolean;
  needs: string[];
  wait: StepWait;
}

/** Milliseconds. Without `intervalMs` the pause between two looks grows from 50 to 250. */
export interface StepWait {
  timeoutMs: number;
  intervalMs?: number;
  settleMs: number;
}

/**
 * The steps of a pipeline in an order that respects what each needs: a function its buckets, a mapping its stream, its
 * function, its failure bucket and the objects that its function finds in its buckets; the records of a stream all its mappings.
 */
export function planSteps(pipeline: Pipeline, { codes, records, objects }: Partial<Contents> = {}): Step[] {
  const step = (kind: KindName, ref: Record<string, string>, declared: Existing | object, needs: string[]): Step => ({
    id: stepId(kind, ref),
    kind,
    ref,
    declared,
    existing: 'existing' in declared && declared.existing === true,
    needs: [...new Set(needs)],
    wait: waitOf(kind, pipeline.wait, (declared as { wait?: Wait }).wait),
  });
  const bucketId = (name: string) => stepId('bucket', { name });
  const seeded = Object.entries(pipeline.buckets).flatMap(([name, declared]) =>
    !declared.existing && declared.seed ? name : [],
  );
  return [
    ...Object.entries(pipeline.buckets).map(([name, declared]) => step('bucket', { name }, declared, [])),
    ...seeded.map((name) => step('bucketSeed', { name }, { objects: objects?.get(name) }, [bucketId(name)])),
    ...Object.entries(pipeline.streams).map(([name, declared]) => step('stream', { name }, declared, [])),
    ...Object.entries(pipeline.functions).map(([name, declared]) => {
      if (declared.existing) return step('function', { name }, declared, []);
      return step('function', { name }, { ...declared, code: codes?.get(name) }, bucketsOf(declared).map(bucketId));
    }),
    ...pipeline.eventSourceMappings.map((declared) =>
      step('mapping', { stream: declared.stream, function: declared.function }, declared, [
        stepId('stream', { name: declared.stream }),
        stepId('function', { name: declared.function }),
        ...failureBucket(declared).map(bucketId),
        ...bucketsOf(pipeline.functions[declared.function])
          .filter((name) => seeded.includes(name))
          .map((name) => stepId('bucketSeed', { name })),
      ]),
    ),
    ...Object.entries(pipeline.streams).flatMap(([name, declared]) => {
      if (declared.existing || !declared.seed) return [];
      const mappings = pipeline.eventSourceMappings.filter(({ stream }) => stream === name);
      const needs = [
        stepId('stream', { name }),
        ...mappings.map(({ stream, function: to }) => stepId('mapping', { stream, function: to })),
      ];
      return step('streamSeed', { name }, { records: records?.get(name) }, needs);
    }),
  ];
}

/** These go with what holds them. */
const SEEDS: readonly KindName[] = ['bucketSeed', 'streamSeed'];

/** The steps that remove what a pipeline declares, last first. Existing resources are not its own and stay. */
export function planRemoval(pipeline: Pipeline): Step[] {
  const steps = planSteps(pipeline).filter(({ kind, existing }) => !existing && !SEEDS.includes(kind));
  const neededBy = (id: string) => steps.filter(({ needs }) => needs.includes(id)).map((step) => step.id);
  return steps.map((step) => ({ ...step, declared: undefined, needs: neededBy(step.id) })).reverse();
}

/** A step's name for readers. */
export function stepId(kind: KindName, ref: Record<string, string>): string {
  return `${kindOf(kind).label} ${ref['name'] ?? `${ref['stream']} → ${ref['function']}`}`;
}

/** The buckets that a function is given. */
function bucketsOf(declared: DeclaredFunction | Existing | undefined): string[] {
  return declared && !declared.existing ? Object.values((declared as DeclaredFunction).buckets) : [];
}

function failureBucket({ onFailure }: DeclaredMapping): string[] {
  return onFailure && 'bucket' in onFailure ? [onFailure.bucket] : [];
}

function waitOf(kind: KindName, pipeline: Wait | undefined, own: Wait | undefined): StepWait {
  const intervalMs = own?.intervalMs ?? pipeline?.intervalMs;
  return {
    timeoutMs: own?.timeoutMs ?? pipeline?.timeoutMs ?? kindOf(kind).wait.timeoutMs,
    settleMs: own?.settleMs ?? pipeline?.settleMs ?? 0,
    ...(intervalMs !== undefined && { intervalMs }),
  };
}
