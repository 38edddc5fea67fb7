import type * as v from 'valibot';
import type * as schema from './schema.ts';

/** How long to wait for a resource, in milliseconds; see WaitInput for limits and defaults. */
export type Wait = v.InferOutput<typeof schema.wait>;
/** A resource that something else makes: waited for, never created or changed. */
export type Existing = v.InferOutput<typeof schema.existing>;
/** Has exactly one of `directory` and `zip`. */
export type BucketSeed = v.InferOutput<typeof schema.bucketSeed>;
export type StreamSeed = v.InferOutput<typeof schema.streamSeed>;
export type DeclaredBucket = v.InferOutput<typeof schema.bucket>;
/** PROVISIONED streams have a `shardCount`, ON_DEMAND streams none. */
export type DeclaredStream = v.InferOutput<typeof schema.stream>;
/** Has exactly one of `entry`, `directory` and `zip`. */
export type DeclaredFunction = v.InferOutput<typeof schema.lambda>;
export type DeclaredMapping = v.InferOutput<typeof schema.mapping>;

/** A checked definition with all its defaults. Plain JSON; a value may hold placeholders until they are resolved. */
export type Pipeline = v.InferOutput<typeof schema.pipeline>;

/** A pipeline with its name (the definition's file name without extension) and the absolute path of its file. Code paths in it are absolute. */
export interface NamedPipeline {
  name: string;
  file: string;
  pipeline: Pipeline;
}
