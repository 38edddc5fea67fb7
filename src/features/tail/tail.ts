import { setTimeout as sleep } from 'node:timers/promises';
import { newLogLines } from './logs.ts';
import { linesOf, newObjects, type PutObject } from './objects.ts';
import { patient } from './patient.ts';
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
  /** From when on objects and log lines are told, milliseconds since the epoch, those of all sources oldest first. Default: now. */
  since?: number;
}

const INTERVAL_MS = 500;

/**
 * Tells what buckets receive and functions log, until the signal; only then it resolves. An engine that does not answer for a
 * while is waited for; throws ExpectedError where it stays away or a bucket is removed.
 */
export async function tail(sources: readonly Source[], readers: Readers, options: TailOptions): Promise<void> {
  const { signal, onBegun } = options;
  let past: Seen[] | undefined = [];
  const onSeen = (seen: Seen) => void (past ? past.push(seen) : options.onSeen(seen));
  const looks = sources.map((source) => patient(source, lookAt(source, readers, { ...options, onSeen })));
  const lookAtAll = () => untilStopped(() => Promise.all(looks.map((look) => look())), signal);
  // A bucket's first answer is what later ones are compared with.
  while (!signal.aborted && !(await lookAtAll())?.every(Boolean)) await pause(signal);
  if (signal.aborted) return;
  onBegun?.();
  for (const seen of past.sort((one, other) => one.at - other.at)) options.onSeen(seen);
  past = undefined;
  while (!signal.aborted) {
    await pause(signal);
    await lookAtAll();
  }
}

/** What fails when it is stopped is of no interest any more. */
async function untilStopped<T>(look: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  return look().catch((error) => {
    if (signal.aborted) return undefined;
    throw error;
  });
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
}

function lookAt({ kind, name }: Source, readers: Readers, options: TailOptions) {
  const { onSeen, content, since } = options;
  if (kind === 'function') {
    const look = newLogLines(readers, name, since ?? Date.now());
    return async () => {
      for (const line of await look()) onSeen({ source: name, type: 'log', ...line });
    };
  }
  const look = newObjects(readers, name, since);
  // One that cannot be read now is told at a later look, and those after it.
  const waiting: PutObject[] = [];
  return async () => {
    waiting.push(...(await look()));
    for (let put = waiting[0]; put; put = waiting[0]) {
      const lines = content && (await linesOf(readers, name, put.key));
      waiting.shift();
      onSeen({ source: name, type: 'object', ...put, ...(lines && { lines }) });
    }
  };
}
