import type { Seed } from '../contents/contents.ts';
import type { Request } from '../engine/operations.ts';
import { create, type Decision, type Made, NOTHING, OWN_TAGS, update } from './kind.ts';

/** The tag with the digest of a stream's or bucket's seed. It is set last, so an interrupted seed is sent again. */
export const SEEDED = `${OWN_TAGS}seed`;

/** The engine's state of a stream or bucket with a seed. */
export interface SeenSeed {
  /** Undefined if it does not exist, and until the whole seed is sent, because only then they are read. */
  tags?: Record<string, string>;
  /** The requests of this step. Reading cannot show them: the data may be gone, or someone else's. */
  made: readonly Made[];
}

/** A request that sends one part of a seed, repeated until all of it is accepted. `why` names the part. */
export interface Part {
  request: Request;
  why: string;
  /** The result of earlier attempts. */
  seen?: string;
}

/** Sends one part after the other, then the tag; nothing if the tag is already set. */
export function putSeed(
  { sha256 }: Seed,
  next: Part | undefined,
  { tags }: SeenSeed,
  mark: (tag: Record<string, string>) => Request,
): Decision {
  const before = tags?.[SEEDED];
  if (before === sha256) return NOTHING;
  const put = before === undefined ? create : update;
  if (next) return put(next.request, next.why, next.seen === undefined ? {} : { seen: next.seen });
  return put(mark({ [SEEDED]: sha256 }), 'seed complete');
}
