import pLimit from 'p-limit';
import type { KindName } from '../resources/index.ts';

/** LocalStack's Kinesis engine refuses a sixth stream while five are CREATING, as AWS does. */
const STREAMS_AT_ONCE = 5;

/** Gives a turn to change a resource, and what ends it; `onWait` is called when it is not to be had at once. */
export type TakeTurn = (kind: KindName, onWait: (others: number) => void) => Promise<() => void>;

/** Turns for the kinds of which an engine takes only so many on their way. */
export function turns(): TakeTurn {
  const streams = pLimit(STREAMS_AT_ONCE);
  return async (kind, onWait) => {
    if (kind !== 'stream') return () => undefined;
    const others = streams.activeCount + streams.pendingCount;
    if (others >= STREAMS_AT_ONCE) onWait(others);
    return new Promise((taken) => {
      streams(() => new Promise<void>((ended) => taken(() => ended())));
    });
  };
}

/** Thrown to a step that waited for its turn while another failed: it has changed nothing. */
export class NotAttempted extends Error {
  override name = 'NotAttempted';
}
