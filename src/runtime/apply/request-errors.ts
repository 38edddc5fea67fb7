import { isThrottlingError, isTransientError } from '@smithy/core/retry';

/** What a failed request means for the step that made it. */
export type Failure =
  /** Passing: the same request may be answered in a moment. */
  | 'transient'
  /** Somebody was faster, or an earlier attempt was carried out after all: look again. */
  | 'race'
  /** The engine answered and means it. */
  | 'refused'
  /** Not the engine's answer: a bug of ours, to be shown whole. */
  | 'bug';

const RACES = [
  'ResourceInUseException',
  'ResourceConflictException',
  'BucketAlreadyOwnedByYou',
  'ResourceNotFoundException',
  'NoSuchBucket',
  'BucketNotEmpty',
];

export interface SdkError extends Error {
  /** The AWS operation that failed. */
  operation?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number; body?: unknown };
  code?: string;
}

/** Sorts an error of a request. A removal's "not found" and a creation's "already exists" are races, not failures. */
export function classify(error: SdkError): Failure {
  if (isThrottlingError(error as never) || isTransientError(error as never)) return 'transient';
  // An answer that could not be read (cut off, HTML of a proxy) leaves open whether the request was carried out.
  if (isUnreadable(error)) return 'transient';
  if (RACES.includes(error.name)) return 'race';
  if (error.$metadata?.httpStatusCode !== undefined || error.code !== undefined) return 'refused';
  return 'bug';
}

function isUnreadable(error: SdkError): boolean {
  return error.name === 'IncompleteAnswer' || isEmpty(error) || NOT_PARSED.test(error.message);
}

/** What the SDK adds to the error of its parser, be the answer JSON or XML. */
const NOT_PARSED = /\s*Deserialization error: to see the raw response.*/s;

/** An error without a body. */
function isEmpty({ name, message }: SdkError): boolean {
  return ['Unknown', 'NotFound'].includes(name) && message === 'UnknownError';
}

/** No answer came: refused, reset, or too late. */
export function isUnanswered(error: SdkError): boolean {
  return error.$metadata?.httpStatusCode === undefined && error.$response === undefined;
}

/** What to do about an error that did not pass in time. */
export function adviceFor(error: SdkError, endpoint: string): string {
  if (isUnreadable(error))
    return `What answers at ${endpoint} may not be the engine itself: see that no proxy is in between, and the engine's log, then run it again.`;
  if (isUnanswered(error))
    return `See that the engine is still running at ${endpoint}, and its log; when it answers again, run this again: it goes on from what is there.`;
  return "See the engine's log for why it answers so, or raise wait.timeoutMs in the definition; then run this again: it goes on from what is there.";
}

/** An error of a request in one line: `LimitExceededException: … (HTTP 400)`. */
export function describe(error: SdkError): string {
  const [, waitedMs] = /exceeded the configured (\d+) ms requestTimeout/.exec(error.message) ?? [];
  if (waitedMs) return `no answer within ${waitedMs} ms`;
  const status = error.$metadata?.httpStatusCode ?? error.$response?.statusCode;
  if (isEmpty(error)) return `the answer has no content (HTTP ${status})`;
  const name = error.code && error.name === 'Error' ? error.code : error.name;
  const message = (error.message || error.code || 'no message')
    .replace(NOT_PARSED, '')
    .replace(/\s+/g, ' ')
    .replace(/[.\s]+$/, '');
  return `${name === 'Error' || name === message ? '' : `${name}: `}${message}${status ? ` (HTTP ${status})` : ''}`;
}

/** Pause before attempt n + 1: exponential from 100 ms to 2 s, with full jitter so that parallel steps spread. */
export function backoffMs(attempt: number, random: number = Math.random()): number {
  const ceiling = Math.min(2_000, 100 * 2 ** (attempt - 1));
  return Math.round(ceiling / 2 + (random * ceiling) / 2);
}
