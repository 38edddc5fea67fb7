import type { Pipeline } from '../definition/pipeline.ts';
import { readCodes } from './codes.ts';
import type { Contents } from './contents.ts';
import type { Files } from './files.ts';
import { readObjects, readRecords } from './seeds.ts';

/** Reads what a pipeline's functions, streams and buckets are to hold. Throws InvalidInputError where that cannot be. */
export async function readContents(pipeline: Pipeline, files: Files): Promise<Contents> {
  return {
    codes: await readCodes(pipeline, files),
    records: await readRecords(pipeline, files),
    objects: await readObjects(pipeline, files),
  };
}
