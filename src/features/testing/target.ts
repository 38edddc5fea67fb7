import type { Runnable } from '../../runtime/apply/apply.ts';
import { suggest, withFullStop } from '../../runtime/definition/messages.ts';
import type { DeclaredMapping, Pipeline } from '../../runtime/definition/pipeline.ts';
import type { Aws } from '../../runtime/engine/connect.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { passMarks } from '../../runtime/resources/mapping/marks.ts';

/** A pipeline on a running engine. */
export interface Target extends Runnable {
  aws: Aws;
  /** The log of the engine, if it is known. */
  log?: string;
}

export interface DrainOptions {
  /** Time limit in milliseconds. Default 30 000. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

export const TIMEOUT_MS = 30_000;

/** The mappings that read a stream. */
export function readersOf({ eventSourceMappings }: Pipeline, stream?: string): DeclaredMapping[] {
  return eventSourceMappings.filter((mapping) => mapping.enabled && (stream ?? mapping.stream) === mapping.stream);
}

/** Why a mapping's function cannot report that it has handled its records; undefined if it can. */
export function silent({ functions }: Pipeline, mapping: DeclaredMapping): string | undefined {
  const { function: name, filters } = mapping;
  const declared = functions[name];
  if (!declared || declared.existing) return `function ${name} is declared as existing`;
  if (declared.entry === undefined)
    return `function ${name} has a ${declared.zip ? 'zip' : 'directory'} instead of an entry`;
  if (!declared.verifyStart && !mapping.verifyDelivery) return `function ${name} has verifyStart: false`;
  if (!passMarks(filters))
    return `the mapping ${mapping.stream} → ${name} has ${filters.length} filters, which leaves no room for the one that drain needs`;
  return undefined;
}

/** The pipeline with only those mappings whose functions report when they have handled their records. */
export function onlyAnswering(target: Target): Target {
  const { pipeline } = target;
  const answering = readersOf(pipeline).filter((mapping) => silent(pipeline, mapping) === undefined);
  return { ...target, pipeline: { ...pipeline, eventSourceMappings: answering } };
}

/** Rejects a pipeline of which nothing can report when it has handled its records. */
export function rejectSilent({ name, pipeline }: Pick<Target, 'name' | 'pipeline'>, instead: string): void {
  const reasons = readersOf(pipeline).flatMap((mapping) => silent(pipeline, mapping) ?? []);
  if (reasons.length === 0) return;
  throw new InvalidInputError(
    `The pipeline ${name} cannot be drained, as only functions with an entry report when they have handled their records, but ${[...new Set(reasons)].join(', and ')}: ${instead}.`,
  );
}

/** Rejects a name that is not one of the pipeline's. */
export function checkName(
  kind: 'stream' | 'bucket',
  name: string,
  { name: pipeline, pipeline: declared }: Target,
): void {
  const known = Object.keys(declared[`${kind}s`]);
  if (known.includes(name)) return;
  throw new InvalidInputError(
    withFullStop(
      `The pipeline ${pipeline} has no ${kind} '${name}'${suggest(name, known, `its ${kind}s are`) || `; it has no ${kind}s`}`,
    ),
  );
}
