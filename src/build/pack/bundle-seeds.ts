import { readObjects, readRecords } from '../../runtime/contents/read-seeds.ts';
import { zipFiles } from '../../runtime/contents/zip.ts';
import type { Pipeline } from '../../runtime/definition/pipeline.ts';
import { readFile } from '../../runtime/file-system.ts';
import { fileName } from './file-name.ts';

type Seeded = Pick<Pipeline, 'buckets' | 'streams'>;

/** Packs a pipeline's seeds, given by absolute paths, into `files`; returns its streams and buckets with the packed names. */
export async function packSeeds(pipeline: Seeded, files: Map<string, Uint8Array>): Promise<Seeded> {
  // Read them as the hook will, so that invalid seeds fail the build.
  const [objects] = await Promise.all([readObjects(pipeline, '.'), readRecords(pipeline, '.')]);
  const buckets = { ...pipeline.buckets };
  for (const [name, seed] of objects) {
    const zip = fileName(`${name}.seed`, '.zip', files);
    files.set(zip, await zipFiles(seed.objects));
    buckets[name] = { ...buckets[name], seed: { zip } } as Pipeline['buckets'][string];
  }
  const streams = { ...pipeline.streams };
  for (const [name, declared] of Object.entries(streams)) {
    if (declared.existing || !declared.seed) continue;
    const file = fileName(`${name}.seed`, '.jsonl', files);
    files.set(file, await readFile(declared.seed.file));
    streams[name] = { ...declared, seed: { ...declared.seed, file } };
  }
  return { buckets, streams };
}
