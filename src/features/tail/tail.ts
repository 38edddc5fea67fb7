import { setTimeout as sleep } from 'node:timers/promises';
import { newLogLines } from './logs.ts';
import { linesOf, newObjects, type PutObject } from './objects.ts';
import type { Readers, Source } from './place.ts';
import { newRecords, type StreamRecord } from './records.ts';
import { patient } from './retry.ts';

/** A log line, new object or record of a source. */
export type Seen = { source: string; at: number } & (
  | { type: 'log'; text: string }
  | { type: 'object'; key: string; size: number; lines?: string[] }
  | ({ type: 'record' } & StreamRecord)
);

export interface TailOptions {
  signal: AbortSignal;
  onSeen(seen: Seen): void;
  /** Called once everything is followed: later objects, lines and records are reported. */
  onBegun?: () => void;
  /** Also read the content of objects. Default false. */
  content?: boolean;
  /** Report objects, log lines and records from this time on, in milliseconds since the epoch, oldest first. Default: now. */
  since?: number;
}

const INTERVAL_MS = 500;

/**
 * Reports new objects, log lines and records, and resolves after the signal. Waits up to 30 s for an engine that does not answer; throws
 * ExpectedError if it stays down, or a bucket or stream is deleted.
 */
export async function tail(sources: readonly Source[], readers: Readers, options: TailOptions): Promise<void> {
  const { signal, onBegun } = options;
  let past: Seen[] | undefined = [];
  const onSeen = (seen: Seen) => void (past ? past.push(seen) : options.onSeen(seen));
  const reads = sources.map((source) => patient(source, reader(source, readers, { ...options, onSeen })));
  const readAll = () => unlessAborted(() => Promise.all(reads.map((read) => read())), signal);
  // Later answers for a bucket are compared with its first one.
  while (!signal.aborted && !(await readAll())?.every(Boolean)) await pause(signal);
  if (signal.aborted) return;
  onBegun?.();
  for (const seen of past.sort((one, other) => one.at - other.at)) options.onSeen(seen);
  past = undefined;
  while (!signal.aborted) {
    await pause(signal);
    await readAll();
  }
}

/** Ignores failures after the signal. */
async function unlessAborted<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  return work().catch((error) => {
    if (signal.aborted) return undefined;
    throw error;
  });
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
}

function reader({ kind, name }: Source, readers: Readers, options: TailOptions) {
  const { onSeen, content, since } = options;
  if (kind === 'function') {
    const newLines = newLogLines(readers, name, since ?? Date.now());
    return async () => {
      for (const line of await newLines()) onSeen({ source: name, type: 'log', ...line });
    };
  }
  if (kind === 'stream')
    return newRecords(readers, name, (record) => onSeen({ source: name, type: 'record', ...record }), since);
  const newPuts = newObjects(readers, name, since);
  // An object that cannot be read now is reported later, followed by the newer ones.
  const waiting: PutObject[] = [];
  return async () => {
    waiting.push(...(await newPuts()));
    for (let put = waiting[0]; put; put = waiting[0]) {
      const lines = content && (await linesOf(readers, name, put.key));
      waiting.shift();
      onSeen({ source: name, type: 'object', ...put, ...(lines && { lines }) });
    }
  };
}
