import type { SentRecord } from './records.ts';

/** A pipeline's function code and seeds, by resource name. */
export interface Contents {
  codes: ReadonlyMap<string, FunctionCode>;
  /** For streams with a seed. */
  records?: ReadonlyMap<string, SeedRecords>;
  /** For buckets with a seed. */
  objects?: ReadonlyMap<string, SeedObjects>;
}

/** A function's deployment package. */
export interface FunctionCode {
  zip: Uint8Array;
  /** Base64 of the zip's SHA-256, as Lambda's CodeSha256. */
  sha256: string;
}

export interface Seed {
  /** The digest of its contents, as hex. */
  sha256: string;
}

/** The records of a stream's seed. */
export interface SeedRecords extends Seed {
  /** Each fits into one PutRecords. */
  batches: readonly (readonly SentRecord[])[];
}

/** The objects of a bucket's seed. */
export interface SeedObjects extends Seed {
  /** `path` is the key. */
  objects: readonly { path: string; bytes: Uint8Array }[];
}
