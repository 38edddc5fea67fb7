import type { DeclaredPipeline, Pipeline } from '../../runtime/definition/pipeline.ts';
import { packSeeds } from './bundle-seeds.ts';
import type { Remarks } from './function-entry.ts';
import { bundleFunctions } from './functions.ts';

/** A hook's contents in ready.d: a pipeline with all the files that it names. */
export interface PackedPipeline extends Remarks {
  name: string;
  /** Its code and seeds are in `files`. */
  pipeline: Pipeline;
  /** By name; written beside pipeline.json. */
  files: ReadonlyMap<string, Uint8Array>;
}

/** Packs the functions' code and the seeds of a pipeline: the same files give the same bytes. */
export async function packPipeline(declared: DeclaredPipeline): Promise<PackedPipeline> {
  const { pipeline, zips, ...remarks } = await bundleFunctions(declared);
  const files = new Map(zips);
  const seeded = await packSeeds(pipeline, files);
  return { name: declared.name, pipeline: { ...pipeline, ...seeded }, files, ...remarks };
}
