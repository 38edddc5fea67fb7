import type { KindName } from '../identity.ts';
import { bucket } from './bucket/bucket.ts';
import { bucketSeed } from './bucket/seed.ts';
import { lambdaFunction } from './function/function.ts';
import type { Kind } from './kind.ts';
import { mapping } from './mapping/mapping.ts';
import { streamSeed } from './stream/seed.ts';
import { stream } from './stream/stream.ts';

// biome-ignore lint/suspicious/noExplicitAny: each step carries the ref and declaration of its own kind
type AnyKind = Kind<any, any, any>;

/** Every kind of resource. A new kind needs a folder and a line here, its name in ../identity.ts and its steps in ../plan.ts. */
const kinds: Record<KindName, AnyKind> = { bucket, bucketSeed, stream, function: lambdaFunction, mapping, streamSeed };

/** A kind without its types, for the loop over all kinds. */
export function kindOf(name: KindName): AnyKind {
  return kinds[name];
}
