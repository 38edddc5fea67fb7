import type { Seed } from '../contents/contents.ts';
import type { Request } from '../engine/operations.ts';
import { create, type Decision, type Made, NOTHING, OWN_TAGS, update } from './kind.ts';

/** The tag whose value tells what a stream or bucket was seeded with. It is set last: a seed that was cut short is put again. */
export const SEEDED = `${OWN_TAGS}seed`;

/** What the engine says of a stream or bucket that is to be seeded. */
export interface SeenSeed {
  /** Undefined where it is not there, and while there is more to put, when they are not asked for. */
  tags?: Record<string, string>;
  /** What this step has put. No look can tell: it may be gone again, or be somebody else's. */
  made: readonly Made[];
}

/** A request that puts a part of a seed. `why` names the part, as the request is sent again until all of that is taken. */
export interface Part {
  request: Request;
  why: string;
  /** What came of it before, where it was sent. */
  seen?: string;
}

/** One part after the other, then the mark; nothing where the mark is there. */
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
  return put(mark({ [SEEDED]: sha256 }), 'all of the seed is put');
}
