import type { SentRecord } from './records.ts';

/** What a pipeline's functions, streams and buckets hold, by their names. */
export interface Contents {
  codes: ReadonlyMap<string, FunctionCode>;
  /** Of streams with a seed. */
  records?: ReadonlyMap<string, SeedRecords>;
  /** Of buckets with a seed. */
  objects?: ReadonlyMap<string, SeedObjects>;
}

/** A function's deployment package. */
export interface FunctionCode {
  zip: Uint8Array;
  /** Base64 of the zip's SHA-256, as Lambda's CodeSha256. */
  sha256: string;
}

export interface Seed {
  /** Of all that is in it, as hex. */
  sha256: string;
}

/** The records that a stream is seeded with. */
export interface SeedRecords extends Seed {
  /** Each fits one PutRecords. */
  batches: readonly (readonly SentRecord[])[];
}

/** The objects that a bucket is seeded with. */
export interface SeedObjects extends Seed {
  /** `path` is the key. */
  objects: readonly { path: string; bytes: Uint8Array }[];
}
