import { apply, type Runnable, type RunOptions } from '../../src/runtime/apply/apply.ts';
import { parsePipeline } from '../../src/runtime/definition/check.ts';
import type { DeclaredMapping, DeclaredStream } from '../../src/runtime/definition/pipeline.ts';
import { recorder } from './recorder.ts';

let count = 0;

/** A name that is unique on this engine, and valid for buckets, streams and functions. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${count++}`;
}

export interface Changes {
  stream?: Partial<DeclaredStream>;
  function?: Record<string, unknown>;
  mapping?: Partial<DeclaredMapping>;
}

/** A bucket, stream, recorder function and mapping with the same name; `changes` override the settings. */
export function samplePipeline(name: string, changes: Changes = {}): Runnable & { name: string } {
  const pipeline = parsePipeline(
    {
      buckets: { [name]: {} },
      streams: { [name]: { shardCount: 1, ...changes.stream } },
      functions: { [name]: { zip: 'recorder.zip', buckets: { BUCKET: name }, ...changes.function } },
      eventSourceMappings: [
        { stream: name, function: name, batchSize: 10_000, startingPosition: 'LATEST', ...changes.mapping },
      ],
    },
    name,
  );
  return { name, pipeline, codes: new Map([[name, recorder]]) };
}

/** Applies a sample pipeline, and throws if it does not become ready. */
export async function applied(endpoint: string, prefix: string, changes: Changes = {}, options: RunOptions = {}) {
  const sample = samplePipeline(uniqueName(prefix), changes);
  const result = await apply(sample, { ...options, endpoint });
  if (!result.ok) throw Object.values(result.failures)[0];
  return { ...sample, result };
}
