import type { NamedPipeline, Pipeline } from '../../runtime/definition/pipeline.ts';
import { bundleFunctions } from './functions.ts';
import { bundleSeeds } from './seeds.ts';

/** A pipeline with all the files it names. */
export interface PackedPipeline {
  /** Its code and seeds are in `files`. */
  pipeline: Pipeline;
  /** By name, to be put beside pipeline.json. */
  files: ReadonlyMap<string, Uint8Array>;
  /** What is odd but need not be wrong, a text each. */
  warnings: string[];
  /** What was put into functions that is not the user's, a text each. */
  notes: string[];
}

/** Packs the functions' code and the seeds of a pipeline: the same files give the same bytes. */
export async function packPipeline(named: NamedPipeline): Promise<PackedPipeline> {
  const { pipeline, zips, ...told } = await bundleFunctions(named);
  const files = new Map(zips);
  const seeded = await bundleSeeds(pipeline, files);
  return { pipeline: { ...pipeline, ...seeded }, files, ...told };
}
