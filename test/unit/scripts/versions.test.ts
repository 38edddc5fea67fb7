import { describe, expect, test } from 'vitest';
import { VERSIONS, versionRow } from '../../../scripts/compat/versions.ts';
import {
  behaviourOf,
  compareVersions,
  isBefore,
  LOCALSTACK,
  type LocalStackBehaviour,
  unsupportedEngine,
} from '../../../src/runtime/engine/localstack-versions.ts';
import { PRODUCTS } from '../../../src/runtime/engine/products.ts';
import { warnings } from '../../../src/runtime/resources/mapping/settings.ts';
import { samplePipeline } from '../../support/pipelines.ts';
import { world } from '../runtime/resources/world.ts';

test.each([
  ['4.8.1', '4.14.0', -1],
  ['4.14', '4.14.0', 0],
  ['2026.03.0', '2026.3.0', 0],
  ['2026.3.0', '4.14.0', 1],
  ['4.14.1.dev3', '4.14.0', 1],
])('%s against %s', (a, b, expected) => {
  expect(Math.sign(compareVersions(a, b))).toBe(expected);
});

test('an engine without a version is not old', () => {
  expect([isBefore('', '3.0'), isBefore('2.3.2', '3.0'), isBefore('latest', '3.0')]).toEqual([false, true, false]);
});

test('the table is in order', () => {
  for (const table of [LOCALSTACK, VERSIONS]) {
    const versions = table.map(({ since }) => since);
    expect([...versions].sort(compareVersions)).toEqual(versions);
  }
});

/** Filters are not on the page. */
const onPage = (behaviour: Partial<LocalStackBehaviour> = {}) => {
  const { since: _, unmatchedConditions: __, ...rest } = behaviour;
  return rest;
};

test.each([
  ['2.3.2', undefined],
  ['', undefined],
  ['3.8.1', { node: 18, missingStream: 'accepted', awsEnvironmentInHooks: true, losesRecordsWhenIdle: true }],
  ['4.2.0', { node: 18, missingStream: 'accepted', awsEnvironmentInHooks: false, losesRecordsWhenIdle: true }],
  ['4.7.0', { node: 18, missingStream: 'rejected', batchingWindow: true, recordAge: true }],
  ['4.8.1', { node: 22, missingStream: 'rejected', tokenNeeded: false }],
  ['4.14.0', { node: 22, missingStream: 'rejected', tokenNeeded: false }],
  ['2026.3.0', { node: 22, missingStream: 'rejected', tokenNeeded: true }],
])('LocalStack %s', (version, expected) => {
  if (expected) expect(versionRow(version)).toMatchObject({ ...expected, ...onPage(behaviourOf(version)) });
  else expect([behaviourOf(version), versionRow(version)]).toEqual([undefined, undefined]);
});

const mappingOf = (mapping: object) => {
  const [declared] = samplePipeline('pipe', { mapping }).pipeline.eventSourceMappings;
  if (!declared) throw new Error('The sample has no mapping');
  return declared;
};

describe('warnings', () => {
  const engine = (version: string) => ({ ...world().engine, version });
  const warningsFor = (version: string, mapping = {}) => {
    return warnings(mappingOf(mapping), engine(version));
  };

  test('an engine older than the table is rejected, one without a version is not', () => {
    expect(unsupportedEngine(engine('2.3.2'))).toMatch(/LocalStack 2\.3\.2 is older than 3\.0/);
    expect([unsupportedEngine(engine('')), unsupportedEngine(engine('3.8.1'))]).toEqual([undefined, undefined]);
  });

  test.each([
    ['4.14.0', { maximumBatchingWindowSeconds: 2, maximumRecordAgeSeconds: 60 }, []],
    ['4.3.0', { maximumBatchingWindowSeconds: 2, maximumRecordAgeSeconds: 60 }, [/maximumRecordAgeSeconds/]],
    ['4.2.0', {}, [/can lose single records/]],
    ['4.2.0', { maximumBatchingWindowSeconds: 2 }, [/can lose/, /maximumBatchingWindowSeconds/]],
    [
      '4.0.3',
      { onFailure: { arn: 'arn:aws:s3:::failed' } },
      [/can lose/, /^LocalStack 4\.0\.3 ignores onFailure to a bucket/],
    ],
    [
      '3.8.1',
      { onFailure: { bucket: 'pipe' } },
      [/can lose/, /ignores onFailure to a bucket, which needs 4\.1 or newer$/],
    ],
    ['3.8.1', { onFailure: { arn: 'arn:aws:sqs:us-east-1:000000000000:failed' } }, [/can lose/]],
    ['4.1.0', { onFailure: { bucket: 'pipe' } }, [/can lose/]],
    ['', { onFailure: { bucket: 'pipe' } }, []],
    ['', {}, []],
    [
      '4.14.0',
      { bisectBatchOnFunctionError: true, batchSize: 7 },
      [/^LocalStack 4.14.0 ignores bisectBatchOnFunctionError$/],
    ],
  ])('LocalStack %s with %o', (version, mapping, expected) => {
    expect(warningsFor(version, mapping)).toEqual(expected.map((message) => expect.stringMatching(message)));
  });

  test.each([
    [{}, []],
    [{ batchSize: 7 }, []],
    [
      { reportBatchItemFailures: true },
      ['Floci 1.7.0 ignores reportBatchItemFailures; records listed in batchItemFailures are not delivered again'],
    ],
    [
      { maximumRetryAttempts: 5, filters: [{ data: { kind: ['a'] } }] },
      ['Floci 1.7.0 ignores maximumRetryAttempts, filters'],
    ],
  ])('Floci with %o', (changes, expected) => {
    const floci = { ...world(PRODUCTS.floci.quirks).engine, product: 'floci' as const, version: '1.7.0' };
    expect(warnings(mappingOf(changes), floci)).toEqual(expected);
  });
});
