import { bucket } from './bucket/bucket.ts';
import { bucketSeed } from './bucket/seed.ts';
import { lambdaFunction } from './function/function.ts';
import type { Kind } from './kind.ts';
import { mapping } from './mapping/mapping.ts';
import { streamSeed } from './stream/seed.ts';
import { stream } from './stream/stream.ts';

/** Every kind of resource, by the name steps and reports use. A new kind is a file here, a line here and its steps in plan.ts. */
export const kinds = { bucket, bucketSeed, stream, function: lambdaFunction, mapping, streamSeed } as const;

export type KindName = keyof typeof kinds;

/** A kind without its types: what the loop over all kinds works with. */
// biome-ignore lint/suspicious/noExplicitAny: each step carries the ref and declaration of its own kind
export function kindOf(name: KindName): Kind<any, any, any> {
  return kinds[name];
}
