import { setTimeout as sleep } from 'node:timers/promises';
import { newLogLines } from './logs.ts';
import { linesOf, newObjects } from './objects.ts';
import type { Readers, Source } from './place.ts';

/** What was seen of a source. */
export type Seen = { source: string; at: number } & (
  | { type: 'log'; text: string }
  | { type: 'object'; key: string; size: number; lines?: string[] }
);

export interface TailOptions {
  signal: AbortSignal;
  onSeen(seen: Seen): void;
  /** Called when everything is being looked at: what is put from then on is told. */
  onBegun?: () => void;
  /** Whether to read the objects, too. */
  content?: boolean;
  /** From when on log lines are told, milliseconds since the epoch. Default: now. */
  since?: number;
}

const INTERVAL_MS = 500;

/** Tells what buckets receive and functions log, until the signal; only then it resolves. */
export async function tail(sources: readonly Source[], readers: Readers, options: TailOptions): Promise<void> {
  const { signal, onBegun, since = Date.now() } = options;
  const looks = sources.map((source) => lookAt(source, readers, { ...options, since }));
  await Promise.all(looks.map((look) => look()));
  onBegun?.();
  while (!signal.aborted) {
    await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await Promise.all(looks.map((look) => look()));
  }
}

function lookAt({ kind, name }: Source, readers: Readers, options: TailOptions & { since: number }) {
  const { onSeen, content, since } = options;
  if (kind === 'function') {
    const look = newLogLines(readers, name, since);
    return async () => {
      for (const line of await look()) onSeen({ source: name, type: 'log', ...line });
    };
  }
  const look = newObjects(readers, name);
  return async () => {
    for (const put of await look())
      onSeen({
        source: name,
        type: 'object',
        ...put,
        ...(content && { lines: await linesOf(readers, name, put.key) }),
      });
  };
}
