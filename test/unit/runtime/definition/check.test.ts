import { describe, expect, test } from 'vitest';
import { definePipeline } from '../../../../src/build/load/define.ts';
import { parsePipeline } from '../../../../src/runtime/definition/check.ts';
import { InvalidInputError } from '../../../../src/runtime/errors.ts';
import { declaredFunction, declaredMapping } from '../../../support/declared.ts';
import { problemsOf, withBucket, withFunction, withMapping, withStream } from './helpers.ts';

test('fills in every default', () => {
  const pipeline = definePipeline({
    buckets: { 'hallow-events': {} },
    streams: { provisioned: {}, demand: { streamMode: 'ON_DEMAND' }, theirs: { existing: true } },
    functions: { f: { entry: './f.ts', buckets: { BUCKET: 'hallow-events' } } },
    eventSourceMappings: [{ stream: 'provisioned', function: 'f', startingPosition: 'LATEST' }],
  });
  expect(parsePipeline(pipeline, 'a.ts')).toEqual({
    region: 'us-east-1',
    account: '000000000000',
    buckets: { 'hallow-events': { objectLockEnabled: false, tags: {} } },
    streams: {
      provisioned: { streamMode: 'PROVISIONED', shardCount: 1, retentionPeriodHours: 24, tags: {} },
      demand: { streamMode: 'ON_DEMAND', retentionPeriodHours: 24, tags: {} },
      theirs: { existing: true },
    },
    functions: {
      f: declaredFunction({ entry: './f.ts', buckets: { BUCKET: 'hallow-events' } }),
    },
    eventSourceMappings: [declaredMapping({ stream: 'provisioned' })],
  });
});

test('accepts an empty definition, and $schema in a JSON one', () => {
  expect(parsePipeline({ $schema: './pipeline.schema.json' }, 'a.json')).toEqual(parsePipeline({}, 'a.ts'));
});

test.each<[input: unknown, problem: string]>([
  // Not a pipeline.
  [undefined, 'the pipeline is missing; it must be an object'],
  [null, 'the pipeline is null, but must be an object'],
  ['text', `the pipeline is 'text', but must be an object`],
  [[], 'the pipeline is a list, but must be an object'],
  [() => ({}), 'the pipeline is a function, but must be an object'],
  // Unknown keys.
  [{ strems: {} }, `strems is not a setting; did you mean 'streams'?`],
  [
    { kinesis: {} },
    'kinesis is not a setting; the settings are region, account, wait, buckets, streams, functions, eventSourceMappings',
  ],
  [withFunction({ memroySize: 1 }), `functions.f.memroySize is not a setting; did you mean 'memorySize'?`],
  [withStream({ wait: { timeout: 1 } }), `streams.s.wait.timeout is not a setting; did you mean 'timeoutMs'?`],
  [withMapping({ batchsize: 1 }), `eventSourceMappings[0].batchsize is not a setting; did you mean 'batchSize'?`],
  // Mistyped references.
  [
    withMapping({ stream: 'S2' }),
    `eventSourceMappings[0].stream is 'S2', which is not declared in streams; did you mean 's'?`,
  ],
  [
    withMapping({ function: 'distributor' }),
    `eventSourceMappings[0].function is 'distributor', which is not declared in functions; declared: f`,
  ],
  [
    withMapping({ onFailure: { bucket: 'deed' } }),
    `eventSourceMappings[0].onFailure.bucket is 'deed', which is not declared in buckets; did you mean 'dead'?`,
  ],
  [
    withFunction({ buckets: { BUCKET: 'hallow' } }),
    `functions.f.buckets.BUCKET is 'hallow', which is not declared in buckets`,
  ],
  [
    { ...withMapping({ stream: 'hallow-event-strem' }), ...withStream({}, 'hallow-event-stream') },
    `eventSourceMappings[0].stream is 'hallow-event-strem', which is not declared in streams; did you mean 'hallow-event-stream'?`,
  ],
  // Missing and mistyped values.
  [
    withMapping({ startingPosition: undefined }),
    `eventSourceMappings[0].startingPosition is missing; it must be 'LATEST', 'TRIM_HORIZON' or 'AT_TIMESTAMP'`,
  ],
  [
    withMapping({ startingPosition: 'latest' }),
    `eventSourceMappings[0].startingPosition is 'latest', but must be 'LATEST', 'TRIM_HORIZON' or 'AT_TIMESTAMP'`,
  ],
  [withMapping({ enabled: 'yes' }), `eventSourceMappings[0].enabled is 'yes', but must be true or false`],
  [{ streams: [] }, 'streams is a list, but must be an object'],
  [{ streams: { s: 1 } }, 'streams.s is 1, but must be an object'],
  [{ eventSourceMappings: {} }, 'eventSourceMappings is an object, but must be a list'],
  [withStream({ existing: 'yes' }), `streams.s.existing is 'yes', but must be true, or left out`],
  [
    withFunction({ entry: 'f.py' }),
    `functions.f.entry is 'f.py', but must be the path of a .ts, .mts, .js, .mjs or .cjs file`,
  ],
  [withFunction({ entry: undefined, zip: '' }), `functions.f.zip is '', but must be a path`],
  // Fields that exclude or need each other.
  [
    withFunction({ zip: 'f.zip' }),
    'functions.f has entry and zip, but must have exactly one of entry, directory and zip',
  ],
  [
    withFunction({ entry: undefined }),
    'functions.f has no code, but must have exactly one of entry, directory and zip',
  ],
  [
    withFunction({ runtime: 'python3.13' }),
    `functions.f.runtime is 'python3.13', but an entry is JavaScript and needs a nodejs runtime`,
  ],
  [
    withStream({ streamMode: 'ON_DEMAND', shardCount: 1 }),
    'streams.s.shardCount cannot be set with streamMode ON_DEMAND: leave one of them out',
  ],
  [
    withStream({ existing: true, shardCount: 1 }),
    'streams.s.shardCount cannot be set here: an existing resource is never created or changed, so it takes only wait',
  ],
  [
    withBucket('abc', { acl: 'public-read', objectOwnership: 'BucketOwnerEnforced' }),
    `buckets.abc.acl is 'public-read', which objectOwnership BucketOwnerEnforced forbids: leave one of them out`,
  ],
  [
    { ...withFunction({ environment: { BUCKET: '' }, buckets: { BUCKET: 'abc' } }), ...withBucket('abc') },
    'functions.f.buckets.BUCKET is also in environment: leave one of them out',
  ],
  [
    withMapping({ startingPosition: 'AT_TIMESTAMP' }),
    'eventSourceMappings[0].startingPositionTimestamp is missing; startingPosition AT_TIMESTAMP needs it',
  ],
  [
    withMapping({ startingPositionTimestamp: '2025-01-16' }),
    'eventSourceMappings[0].startingPositionTimestamp can only be set with startingPosition AT_TIMESTAMP',
  ],
  [
    withMapping({ verifyDelivery: true, filters: [1, 2, 3, 4, 5].map((n) => ({ data: { n: [n] } })) }),
    'eventSourceMappings[0].verifyDelivery cannot be set with 5 filters, as it needs one for its probes: leave one of them out',
  ],
  [
    withMapping({ verifyDelivery: true, enabled: false }),
    'eventSourceMappings[0].verifyDelivery cannot be set with enabled false, because nothing is delivered: leave one of them out',
  ],
  [
    { ...withMapping({ verifyDelivery: true }), functions: { f: { existing: true } } },
    `eventSourceMappings[0].verifyDelivery needs a function with an entry, because the build adds the code that acknowledges probes, but 'f' is declared as existing: leave it out`,
  ],
  [
    {
      ...withMapping({}),
      eventSourceMappings: [
        ...withMapping({}).eventSourceMappings,
        ...withMapping({ batchSize: 1 }).eventSourceMappings,
      ],
    },
    `eventSourceMappings[1] maps 's' to 'f', as [0] does: leave one of them out`,
  ],
])('reports the problem with %j', (input, problem) => expect(problemsOf(input)).toBe(problem));

describe('the message', () => {
  test('lists every problem, one per line', () => {
    const input = {
      buckets: { AB: {} },
      functions: { f: { memorySize: 64, timeoutSeconds: 0, foo: 1, rol: 2 } },
      eventSourceMappings: [{ stream: 's', function: 'f', batchSize: 10_001, startingPosition: 'LATEST' }],
    };
    const { message, problems } = errorOf(input);
    expect(message).toBe(
      `init/10-events.ts has 8 problems:
  buckets.AB is not a valid name: it must be lowercase letters, digits, dots and hyphens only
  functions.f.memorySize is 64, but must be a whole number from 128 to 10240 (MB)
  functions.f.timeoutSeconds is 0, but must be a whole number from 1 to 900 (seconds)
  functions.f.foo is not a setting; the settings are existing, wait, entry, directory, zip, runtime, handler, memorySize, timeoutSeconds, environment, buckets, role, architecture, layers, description, verifyStart, tags
  functions.f.rol is not a setting; did you mean 'role'?
  eventSourceMappings[0].batchSize is 10001, but must be a whole number from 1 to 10000 (records)
  functions.f has no code, but must have exactly one of entry, directory and zip
  eventSourceMappings[0].stream is 's', which is not declared in streams`,
    );
    expect(problems.map(({ path }) => path.join('.')).slice(0, 3)).toEqual([
      'buckets.AB',
      'functions.f.memorySize',
      'functions.f.timeoutSeconds',
    ]);
    expect(message).toBe(`init/10-events.ts has 8 problems:${problems.map((each) => `\n  ${each.message}`).join('')}`);
  });

  test('starts with the source if there is one problem', () => {
    expect(() => parsePipeline({ foo: 1 }, 'init/10-events.ts')).toThrow(/^init\/10-events\.ts: foo is not a setting/);
  });

  test('never shows an environment value', () => {
    expect(problemsOf(withFunction({ environment: { KEY: 12_345 } }))).toBe(
      'functions.f.environment.KEY is a number, but must be a string',
    );
    expect(problemsOf(withFunction({ environment: 'KEY=secret' }))).toBe(
      'functions.f.environment is a string, but must be an object',
    );
  });
});

function errorOf(input: unknown): InvalidInputError {
  try {
    parsePipeline(input, 'init/10-events.ts');
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
  }
  throw new Error('no InvalidInputError was thrown');
}
