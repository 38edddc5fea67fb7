import type { LogEvent } from './facts.ts';

type Request = Extract<LogEvent, { type: 'request' }>;

/** The log's view of a stream. The log omits stream names from requests, so a request may concern another stream. */
export interface StreamLog {
  /** A DeleteStream succeeded. */
  deleted: boolean;
  /** Since the last deletion, if any: the Kinesis engine restarted, a CreateStream succeeded, one was rejected. */
  restarted: boolean;
  created: boolean;
  rejected: Request | undefined;
  /** A poller has read the stream: it then fails on GetRecords, while one that never found the stream fails on DescribeStream. */
  wasRead: boolean;
  /** A poller has looked for the stream and not found it. */
  notFound: boolean;
}

export function streamLog(events: readonly LogEvent[], arn: string): StreamLog {
  const deletedAt = events.map((event) => isRequest(event, 'DeleteStream') && event.status === 200).lastIndexOf(true);
  const later = events.slice(deletedAt + 1);
  const creations = later.filter((event) => isRequest(event, 'CreateStream'));
  return {
    deleted: deletedAt >= 0,
    restarted: later.some(({ type }) => type === 'kinesis-restarted'),
    created: creations.some(({ status }) => status === 200),
    rejected: creations.find(({ status }) => status >= 400),
    wasRead: isMissed(events, arn, 'GetRecords'),
    notFound: isMissed(events, arn, 'DescribeStream'),
  };
}

function isMissed(events: readonly LogEvent[], arn: string, operation: string): boolean {
  return events.some((event) => event.type === 'not-found' && event.arn === arn && event.operation === operation);
}

function isRequest(event: LogEvent, operation: Request['operation']): event is Request {
  return event.type === 'request' && event.operation === operation;
}
