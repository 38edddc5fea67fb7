/** The kinds of resources, by the names that steps and reports use. */
export type KindName = 'bucket' | 'bucketSeed' | 'stream' | 'streamSeed' | 'function' | 'mapping';

/** Names a resource within its kind: `{ name }`, of a mapping `{ stream, function }`. */
export type Ref = Readonly<Record<string, string>>;

/** What a step, an event or a result is about. Its label (`stream orders`) is for people only. */
export interface Identity {
  kind: KindName;
  ref: Ref;
}

/** The identity as a key of a Map or Set. */
export function keyOf({ kind, ref }: Identity): string {
  return JSON.stringify([kind, ...Object.entries(ref).sort().flat()]);
}

/** Nothing of a step but its identity. */
export function identityOf({ kind, ref }: Identity): Identity {
  return { kind, ref };
}
