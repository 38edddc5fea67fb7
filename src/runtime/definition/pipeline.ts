import type * as v from 'valibot';
import type * as schema from './schema.ts';

/** How long to wait for a resource, in milliseconds; see WaitInput for limits and defaults. */
export type Wait = v.InferOutput<typeof schema.wait>;
/** A resource that something else creates: the run waits for it, and never creates or changes it. */
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

/** A loaded and checked definition; its values may hold placeholders. */
export interface DeclaredPipeline {
  /** The definition's file name without extension; for a hook in ready.d, the name of its folder. */
  name: string;
  /** Identifies the pipeline on an engine: its name. Undefined for a definition without a file or a given name. */
  owner?: string | undefined;
  /** Absolute. Relative paths in the pipeline start in its folder. */
  file: string;
  pipeline: Pipeline;
}

/** A declared pipeline with its placeholders filled in, and checked again. */
export type ResolvedPipeline = Omit<DeclaredPipeline, 'file'>;
