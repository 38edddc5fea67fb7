import { dirname } from 'node:path';
import type { Runnable } from './apply/apply.ts';
import type { Contents } from './contents/contents.ts';
import { readCodes } from './contents/function-code.ts';
import { readObjects, readRecords } from './contents/read-seeds.ts';
import type { DeclaredPipeline, Pipeline, ResolvedPipeline } from './definition/pipeline.ts';
import { resolvePlaceholders } from './definition/placeholders.ts';

// The stages of a pipeline, in the hook and in the library. A definition (pipeline.json, or a `Definition` on the host) is parsed into a
// `DeclaredPipeline`; filling in its placeholders gives a `ResolvedPipeline`; adding its contents gives a `Runnable`, which apply takes.

type Env = Record<string, string | undefined>;

/** The host's part: it bundles functions, and fills in file paths when it loads a definition. */
export interface HostStages {
  readCodes(pipeline: Pipeline): Promise<Contents['codes']>;
  isFilled(path: readonly (string | number)[]): boolean;
}

export function resolvePipeline(
  { name, owner, pipeline }: DeclaredPipeline,
  env: Env,
  isFilled?: HostStages['isFilled'],
): ResolvedPipeline {
  return { name, owner, pipeline: resolvePlaceholders(pipeline, env, isFilled) };
}

/** Fills in a pipeline's placeholders, then reads its function code and seeds. Throws InvalidInputError. */
export async function makeRunnable(declared: DeclaredPipeline, env: Env, host?: HostStages): Promise<Runnable> {
  const { name, owner, pipeline } = resolvePipeline(declared, env, host?.isFilled);
  const folder = dirname(declared.file);
  return {
    name,
    owner,
    pipeline,
    codes: await (host?.readCodes(pipeline) ?? readCodes(pipeline, folder)),
    records: await readRecords(pipeline, folder),
    objects: await readObjects(pipeline, folder),
  };
}
