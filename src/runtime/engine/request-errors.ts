import { isThrottlingError, isTransientError } from '@smithy/core/retry';
import { ExpectedError, UnreachableError } from '../errors.ts';

/** What a failed request means for its step. */
export type Failure =
  /** The same request may succeed in a moment. */
  | 'transient'
  /** Someone else was faster, or an earlier attempt did work: observe again. */
  | 'race'
  /** The engine will reject the request every time. */
  | 'rejected'
  /** Not from the engine: a bug in ready-hooks, printed in full. */
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

/** Classifies the error of a request. "Not found" on delete and "already exists" on create are races, not failures. */
export function classify(error: SdkError): Failure {
  if (isThrottlingError(error as never) || isTransientError(error as never)) return 'transient';
  // An unreadable response (cut off, or a proxy's HTML) leaves open whether the request was carried out.
  if (isUnreadable(error)) return 'transient';
  if (RACES.includes(error.name)) return 'race';
  if (error.$metadata?.httpStatusCode !== undefined) return 'rejected';
  // A wrong argument of a function of Node.js has a code, too.
  const isWrongArgument = error instanceof TypeError || error instanceof RangeError;
  return error.code === undefined || isWrongArgument ? 'bug' : 'rejected';
}

function isUnreadable(error: SdkError): boolean {
  return error.name === 'IncompleteResponse' || isEmpty(error) || NOT_PARSED.test(error.message);
}

/** The SDK's addition to parser errors, for JSON and XML. */
const NOT_PARSED = /\s*Deserialization error: to see the raw response.*/s;

/** An error without a body. */
function isEmpty({ name, message }: SdkError): boolean {
  return ['Unknown', 'NotFound'].includes(name) && message === 'UnknownError';
}

/** No response: connection refused, reset or timed out. */
export function isUnanswered(error: SdkError): boolean {
  return error.$metadata?.httpStatusCode === undefined && error.$response === undefined;
}

/** For `catch` around requests that are not repeated: throws the engine's error as a sentence, and any other error unchanged. */
export function asSentence(endpoint: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof ExpectedError || !(error instanceof Error) || classify(error) === 'bug') throw error;
    throw failedRequest(error, endpoint);
  };
}

function failedRequest(error: SdkError, endpoint: string): ExpectedError {
  const failed = `${error.operation ?? 'A request'} at ${endpoint} failed: ${describe(error)}.`;
  const options = { cause: error };
  if (isUnreadable(error))
    return new ExpectedError(
      `${failed} The server there may not be the engine itself: check that no proxy is in between, and the engine's log, then try again.`,
      options,
    );
  if (isUnanswered(error))
    return new UnreachableError(
      `${failed} Check that the engine still runs there, and its log, then try again.`,
      options,
    );
  return new ExpectedError(`${failed} Check the engine's log for the cause, then try again.`, options);
}

/** What to do about an error that lasted until the limit. */
export function adviceFor(error: SdkError, endpoint: string): string {
  if (isUnreadable(error))
    return `The server at ${endpoint} may not be the engine itself: check that no proxy is in between, and the engine's log, then run this again.`;
  if (isUnanswered(error))
    return `Check that the engine still runs at ${endpoint}, and its log; once it responds, run this again: it continues from the current state.`;
  return "Check the engine's log for the cause, or raise wait.timeoutMs in the definition; then run this again: it continues from the current state.";
}

const TOO_LONG = /^(.{500}).{2,}$/;

/** The error of a request in one line: `LimitExceededException: … (HTTP 400)`. */
export function describe(error: SdkError): string {
  const [, waitedMs] = /exceeded the configured (\d+) ms requestTimeout/.exec(error.message) ?? [];
  if (waitedMs) return `no response within ${Number(waitedMs) / 1000} s`;
  const status = error.$metadata?.httpStatusCode ?? error.$response?.statusCode;
  if (isEmpty(error)) return `empty response (HTTP ${status})`;
  const name = error.code && error.name === 'Error' ? error.code : error.name;
  const message = (error.message || error.code || 'no message')
    .replace(NOT_PARSED, '')
    .replace(/\s+/g, ' ')
    .replace(/[.\s]+$/, '')
    // An engine may repeat the whole request, such as a zip in base64.
    .replace(TOO_LONG, '$1…');
  return `${name === 'Error' || name === message ? '' : `${name}: `}${message}${status ? ` (HTTP ${status})` : ''}`;
}

/** Pause before attempt n + 1: exponential from 100 ms to 2 s, with jitter so that parallel steps spread out. */
export function backoffMs(attempt: number, random: number = Math.random()): number {
  const ceiling = Math.min(2_000, 100 * 2 ** (attempt - 1));
  return Math.round(ceiling / 2 + (random * ceiling) / 2);
}
