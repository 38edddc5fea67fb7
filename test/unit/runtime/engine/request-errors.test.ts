import { expect, test } from 'vitest';
import {
  asSentence,
  backoffMs,
  classify,
  describe as describeError,
} from '../../../../src/runtime/engine/request-errors.ts';
import { InvalidInputError } from '../../../../src/runtime/errors.ts';
import { sdkError } from '../apply/fake.ts';

const withCode = (code: string) => Object.assign(new Error(''), { code });

/** The SDK's error for a response that it cannot parse. */
function unparsed(name: string, message: string): Error {
  const hint =
    '\n  Deserialization error: to see the raw response, inspect the hidden field {error}.$response on this object.';
  return Object.assign(new Error(message + hint), { name, $metadata: { httpStatusCode: 200 } });
}

test.each<[string, Error, string]>([
  ['connection refused', withCode('ECONNREFUSED'), 'transient'],
  ['connection reset', withCode('ECONNRESET'), 'transient'],
  ['timeout of a request', Object.assign(new Error('x'), { name: 'TimeoutError' }), 'transient'],
  ['HTTP 500', sdkError('InternalError', 500), 'transient'],
  ['HTTP 503', sdkError('ServiceUnavailable', 503), 'transient'],
  ['HTTP 429', sdkError('TooManyRequestsException', 429), 'transient'],
  ['throttling by name', sdkError('ThrottlingException', 400), 'transient'],
  ['more than five CREATING', sdkError('LimitExceededException', 400), 'transient'],
  ['a truncated response', unparsed('SyntaxError', 'Unexpected end of JSON input'), 'transient'],
  [
    'a page of HTML instead of XML',
    unparsed('Error', '@aws-sdk XML parse error: missing closing tag </html>.'),
    'transient',
  ],
  ['an error without a body', sdkError('Unknown', 404, 'UnknownError'), 'transient'],
  ['an error of S3 without a body', sdkError('NotFound', 404, 'UnknownError'), 'transient'],
  ['already exists', sdkError('ResourceInUseException'), 'race'],
  ['already deleted', sdkError('ResourceNotFoundException'), 'race'],
  ['rejected', sdkError('ValidationException'), 'rejected'],
  ['a bug', new TypeError('x is undefined'), 'bug'],
  ['a syntax error in ready-hooks', new SyntaxError('x'), 'bug'],
  ['a wrong argument', Object.assign(new TypeError('x'), { code: 'ERR_INVALID_ARG_TYPE' }), 'bug'],
  ['a certificate that does not fit', withCode('ERR_TLS_CERT_ALTNAME_INVALID'), 'rejected'],
])('%s', (_, error, expected) => expect(classify(error)).toBe(expected));

test.each<[Error, string]>([
  [sdkError('ValidationException', 400, 'Bad\n  thing.'), 'ValidationException: Bad thing (HTTP 400)'],
  [withCode('ECONNREFUSED'), 'ECONNREFUSED'],
  [sdkError('E', 400, `zip ${'A'.repeat(90_000)}.`), `E: zip ${'A'.repeat(496)}… (HTTP 400)`],
  [unparsed('SyntaxError', 'Unexpected end of JSON input'), 'SyntaxError: Unexpected end of JSON input (HTTP 200)'],
  [sdkError('Unknown', 404, 'UnknownError'), 'empty response (HTTP 404)'],
  [
    new Error('@smithy/node-http-handler - [ERROR] a request has exceeded the configured 1000 ms requestTimeout.'),
    'no response within 1 s',
  ],
])('describes an error in one line', (error, expected) => expect(describeError(error)).toBe(expected));

test.each<[Error, string]>([
  [
    Object.assign(sdkError('InternalError', 500, 'oops'), { operation: 'ListStreams' }),
    "ExpectedError: ListStreams at http://e failed: InternalError: oops (HTTP 500). Check the engine's log for the cause, then try again.",
  ],
  [
    withCode('ECONNRESET'),
    'UnreachableError: A request at http://e failed: ECONNRESET. Check that the engine still runs there, and its log, then try again.',
  ],
  [
    sdkError('Unknown', 502, 'UnknownError'),
    "ExpectedError: A request at http://e failed: empty response (HTTP 502). The server there may not be the engine itself: check that no proxy is in between, and the engine's log, then try again.",
  ],
  [new InvalidInputError('The file is missing.'), 'InvalidInputError: The file is missing.'],
  [new TypeError('x is undefined'), 'TypeError: x is undefined'],
])('says what failed in a sentence, and leaves other errors unchanged', (error, expected) => {
  expect(() => asSentence('http://e')(error)).toThrow(expect.toSatisfy((thrown) => String(thrown) === expected));
});

test('the back-off doubles up to 2 s, half of it jitter', () => {
  expect([1, 2, 3, 10].map((attempt) => [backoffMs(attempt, 0), backoffMs(attempt, 1)])).toEqual([
    [50, 100],
    [100, 200],
    [200, 400],
    [1_000, 2_000],
  ]);
});
