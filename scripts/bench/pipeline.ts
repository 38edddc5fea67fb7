import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strToU8, zipSync } from 'fflate';
import { destroy } from '../../src/runtime/apply/apply.ts';
import { parsePipeline } from '../../src/runtime/definition/check.ts';
import type { PipelineInput } from '../../src/runtime/definition/input.ts';

const SOURCE = fileURLToPath(new URL('./peers/function/index.js', import.meta.url));
export const ZIP_FILE = 'function.zip';

/** Packs the function into this folder; returns its source and its zip. */
export async function packFunction(folder: string): Promise<{ source: string; zip: Buffer; file: string }> {
  const source = await readFile(SOURCE, 'utf8');
  const zip = Buffer.from(zipSync({ 'index.js': strToU8(source) }));
  const file = join(folder, ZIP_FILE);
  await writeFile(file, zip);
  return { source, zip, file };
}

/** Bucket, stream, function and mapping for each name. */
export function pipelineOf(names: readonly string[], shardCount = 1): PipelineInput {
  const each = <T>(make: (name: string) => T) => Object.fromEntries(names.map((name) => [name, make(name)]));
  return {
    buckets: each(() => ({})),
    streams: each(() => ({ shardCount })),
    functions: each((name) => ({
      zip: ZIP_FILE,
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      timeoutSeconds: 30,
      buckets: { BUCKET: name },
    })),
    eventSourceMappings: names.map((name) => ({
      stream: name,
      function: name,
      batchSize: 10_000,
      startingPosition: 'LATEST',
    })),
  } as PipelineInput;
}

let count = 0;

/** Names that are unique on this engine. */
export function newNames(prefix: string, howMany = 1): string[] {
  const run = `${prefix}-${count++}`;
  return Array.from({ length: howMany }, (_, n) => `bench-${run}-${n}`);
}

/** Removes a contender's pipelines, so that their mappings do not keep the engine busy while others run. */
export async function remove(endpoint: string, names: readonly string[]): Promise<void> {
  const pipeline = parsePipeline(pipelineOf(names), 'bench');
  const { failures } = await destroy({ name: 'bench', pipeline }, { endpoint, emptyBuckets: true });
  for (const error of Object.values(failures)) throw error;
}
