import pLimit, { type LimitFunction } from 'p-limit';
import type { KindName } from '../identity.ts';
import { kindOf } from '../resources/index.ts';

/** Gives a turn to change a resource, and what ends it; `onWait` is called when it cannot be had at once. */
export type TakeTurn = (kind: KindName, onWait: (others: number) => void) => Promise<() => void>;

/** Turns for the kinds of which an engine takes only so many on their way. */
export function turns(): TakeTurn {
  const limits = new Map<KindName, LimitFunction>();
  return async (kind, onWait) => {
    const { atOnce } = kindOf(kind);
    if (atOnce === undefined) return () => undefined;
    const limit = limits.get(kind) ?? pLimit(atOnce);
    limits.set(kind, limit);
    const others = limit.activeCount + limit.pendingCount;
    if (others >= atOnce) onWait(others);
    return new Promise((taken) => {
      limit(() => new Promise<void>((ended) => taken(() => ended())));
    });
  };
}

/** Thrown to a step that waited for its turn while another failed: it has changed nothing. */
export class NotAttempted extends Error {
  override name = 'NotAttempted';
}
