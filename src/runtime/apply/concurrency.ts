import pLimit, { type LimitFunction } from 'p-limit';
import type { KindName } from '../identity.ts';
import { kindOf } from '../resources/index.ts';

/** Waits for a turn to change a resource; returns a function that ends the turn. Calls `onWait` if there is a queue. */
export type TakeTurn = (kind: KindName, onWait: (others: number) => void) => Promise<() => void>;

/** Turns for the kinds that engines create only a few of at a time. */
export function turns(): TakeTurn {
  const limits = new Map<KindName, LimitFunction>();
  return async (kind, onWait) => {
    const { mostCreating } = kindOf(kind);
    if (mostCreating === undefined) return () => undefined;
    const limit = limits.get(kind) ?? pLimit(mostCreating);
    limits.set(kind, limit);
    const others = limit.activeCount + limit.pendingCount;
    if (others >= mostCreating) onWait(others);
    return new Promise((taken) => {
      limit(() => new Promise<void>((ended) => taken(() => ended())));
    });
  };
}

/** Thrown to a step if another one failed while it waited for its turn: it has changed nothing. */
export class NotAttempted extends Error {
  override name = 'NotAttempted';
}
