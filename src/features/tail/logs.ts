import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { Readers } from './place.ts';

export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number;
  text: string;
}

/** Lines can appear out of order, so this much is read again. */
const OVERLAP_MS = 10_000;

/** Reads a function's log from `since` on: each call returns the lines since the previous call. */
export function newLogLines(
  { logs, abort }: Pick<Readers, 'logs'> & Partial<Pick<Readers, 'abort'>>,
  name: string,
  since: number,
): () => Promise<LogLine[]> {
  let read = new Set<string>();
  let newest = since;
  return async () => {
    const lines: LogLine[] = [];
    const ids = new Set<string>();
    let latest = newest;
    const request = { logGroupName: `/aws/lambda/${name}`, startTime: Math.max(since, newest - OVERLAP_MS) };
    try {
      for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, request, abort))
        for (const { eventId, logStreamName, timestamp = 0, message = '' } of events) {
          const id = `${logStreamName} ${eventId} ${timestamp}`;
          ids.add(id);
          latest = Math.max(latest, timestamp);
          if (!read.has(id)) lines.push({ at: timestamp, text: message.trimEnd().replaceAll('\r', '\n') });
        }
    } catch (error) {
      // The log group does not exist before the function's first call.
      if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    }
    read = ids;
    newest = latest;
    return lines.sort((one, other) => one.at - other.at);
  };
}
