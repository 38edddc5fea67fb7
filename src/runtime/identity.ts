/** The kinds of resources, as steps and reports name them. */
export type KindName = 'bucket' | 'bucketSeed' | 'stream' | 'streamSeed' | 'function' | 'mapping';

/** Identifies a resource within its kind: `{ name }`, or `{ stream, function }` for a mapping. */
export type Ref = Readonly<Record<string, string>>;

/** The resource that a step, an event or a result is about. Its label (`stream orders`) is for people only. */
export interface Identity {
  kind: KindName;
  ref: Ref;
}

/** The identity as a key of a Map or Set. */
export function keyOf({ kind, ref }: Identity): string {
  return JSON.stringify([kind, ...Object.entries(ref).sort().flat()]);
}

/** Only the identity of a step. */
export function identityOf({ kind, ref }: Identity): Identity {
  return { kind, ref };
}
