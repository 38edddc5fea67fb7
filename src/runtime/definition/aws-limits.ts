import * as v from 'valibot';
import { patternProblem } from './filters.ts';
import type { Placeholder } from './input.ts';
import { either, nearest, textOf } from './messages.ts';
import { type Runtime, runtimes } from './runtimes.ts';
import { isPlain } from './strict-objects.ts';

// Each message completes "must be …"; check.ts builds the sentence.

/** A whole number. */
export function integer(min: number, max: number, unit = '', expected = range(min, max, unit)) {
  return v.pipe(v.number(expected), v.integer(expected), v.minValue(min, expected), v.maxValue(max, expected));
}

/** A whole number, or -1 for no limit. */
export function integerOrUnlimited(min: number, max: number, unit = '') {
  const expected = `${range(min, max, unit)}, or -1 (unlimited)`;
  return v.union([v.literal(-1, expected), integer(min, max, unit, expected)], expected);
}

function range(min: number, max: number, unit: string): string {
  return `a whole number from ${min} to ${max}${unit && ` (${unit})`}`;
}

/** A string that must match each pattern; each pattern comes with its message. */
export function text(...patterns: [pattern: RegExp, expected: string][]) {
  return v.pipe(
    v.string(patterns[0]?.[1] ?? 'a string'),
    ...patterns.map(([pattern, expected]) => v.regex(pattern, expected)),
  );
}

export const region = text([/^[a-z]{2,}(-[a-z]+)+-\d+$/, "an AWS region, such as 'us-east-1'"]);
export const account = text([/^\d{12}$/, '12 digits']);

/** One of a few words, or a placeholder for one. */
export function choice<const T extends string>(...options: T[]): v.GenericSchema<T | Placeholder, T> {
  return v.picklist(options, either(options.map((option) => `'${option}'`))) as never;
}

/** A list with a maximum length; `items` names its items. */
export function upTo<const T extends v.GenericSchema>(most: number, items: string, item: T) {
  return v.pipe(
    v.array(item),
    v.maxLength(most, ({ input }) => `a list of at most ${most} ${items}; it has ${input.length}`),
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketName = text(
  [/^[a-z0-9.-]*$/, 'lowercase letters, digits, dots and hyphens only'],
  [/^.{3,63}$/, '3 to 63 characters long'],
  [/^[a-z0-9].*[a-z0-9]$/, 'a name that begins and ends with a letter or digit'],
  [/^(?!.*\.\.)/, 'a name without two dots in a row'],
  [/^(?!\d+\.\d+\.\d+\.\d+$)/, 'a name other than an IP address'],
  [
    /^(?!xn--|sthree-|amzn-s3-demo-)/,
    'a name that does not begin with xn--, sthree- or amzn-s3-demo-, which S3 reserves',
  ],
  [
    /^(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)/,
    'a name that does not end with -s3alias, --ol-s3, .mrap, --x-s3 or --table-s3, which S3 reserves',
  ],
);

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
export const streamName = text([/^[\w.-]{1,128}$/, '1 to 128 letters, digits, underscores, dots and hyphens']);

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const functionName = text([/^[\w-]{1,64}$/, '1 to 64 letters, digits, underscores and hyphens']);

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
export const variableName = text(
  [/^[a-zA-Z]\w+$/, 'two or more letters, digits and underscores, starting with a letter'],
  [
    /^(?!(AWS_((DEFAULT_)?REGION|EXECUTION_ENV|ACCESS_KEY(_ID)?|SECRET_ACCESS_KEY|SESSION_TOKEN|LAMBDA_(FUNCTION_(NAME|MEMORY_SIZE|VERSION)|INITIALIZATION_TYPE|LOG_(GROUP|STREAM)_NAME|RUNTIME_API|MAX_CONCURRENCY|METADATA_(API|TOKEN)))|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$)/,
    'a name that Lambda does not set itself',
  ],
);

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-limits */
export const ENVIRONMENT_BYTES = 4096;

/** The same for S3, Kinesis and Lambda. */
export const MOST_TAGS = 50;

const TAG_CHARACTERS = 'letters, digits, spaces and _ . : / = + - @ only';

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
export const tags = v.pipe(
  v.record(
    text(
      [/^[\s\S]{1,128}$/, '1 to 128 characters long'],
      [/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, TAG_CHARACTERS],
      [/^(?![aA][wW][sS]:)/, 'a key that does not begin with aws:, which AWS reserves'],
      [/^(?!ready-hooks:)/, 'a key that does not begin with ready-hooks:, which the hooks reserve for their own tags'],
    ),
    text([/^[\s\S]{0,256}$/, 'a string of at most 256 characters'], [/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, TAG_CHARACTERS]),
  ),
  v.maxEntries(
    MOST_TAGS,
    ({ input }) => `an object with at most ${MOST_TAGS} tags; it has ${Object.keys(input).length}`,
  ),
);

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html#lambda-CreateFunction-request-Role */
export const roleArn = text([
  /^arn:aws[a-zA-Z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  'the ARN of a role, such as arn:aws:iam::000000000000:role/lambda-role',
]);

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html#lambda-CreateFunction-request-Layers */
export const layerArn = text([
  /^arn:[\w-]+:lambda:[\w-]+:\d{12}:layer:[\w-]+:\d+$/,
  'the ARN of a layer version, such as arn:aws:lambda:us-east-1:000000000000:layer:my-layer:1',
]);

/** https://docs.aws.amazon.com/lambda/latest/api/API_OnFailure.html; Kinesis mappings do not support Kafka topics. */
export const destinationArn = text([
  /^arn:aws[a-zA-Z-]*:(sqs:[\w-]+:\d{12}:[\w.-]+|sns:[\w-]+:\d{12}:[\w.-]+|s3:::[a-z0-9.-]{3,63})$/,
  'the ARN of an SQS queue, an SNS topic or an S3 bucket',
]);

/** ISO 8601: a date, or a date and a time with its offset. */
export const timestamp = v.pipe(
  text([
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/,
    "an ISO 8601 time with Z or an offset, such as '2025-01-16T09:30:00Z'",
  ]),
  v.check((value) => !Number.isNaN(Date.parse(value)) && isDay(value), 'an existing date and time'),
);

/** Date reads 30 February as 2 March. */
function isDay(value: string): boolean {
  const day = value.slice(0, 10);
  return new Date(day).toISOString().startsWith(day);
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Filter.html */
export const filter = v.pipe(
  v.record(v.string(), v.unknown()),
  v.check((pattern) => isJson(pattern), 'valid JSON'),
  v.check(
    (pattern) => !isJson(pattern) || !patternProblem(pattern),
    ({ input }) => patternProblem(input as object) ?? '',
  ),
  v.check((pattern) => !isJson(pattern) || JSON.stringify(pattern).length <= 4096, 'at most 4096 characters as JSON'),
);

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
export const runtime: v.GenericSchema<Runtime | Placeholder, string> = v.picklist(
  runtimes,
  ({ input }) => `one of Lambda's runtimes, such as 'nodejs22.x'${nearest(textOf(input), runtimes)}`,
) as never;

function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== 'object' || !value) return ['string', 'boolean'].includes(typeof value) || value === null;
  return isPlain(value) && Object.values(value).every(isJson);
}
