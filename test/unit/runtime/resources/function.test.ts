import { expect, test } from 'vitest';
import { codeOf } from '../../../../src/runtime/contents/function-code.ts';
import { lambdaFunction, type SeenFunction } from '../../../../src/runtime/resources/function/function.ts';
import { declaredFunction, seenFunction } from '../../../support/declared.ts';
import { textOf, world } from './world.ts';

const code = codeOf(new Uint8Array([1, 2, 3]));
const declared = {
  ...declaredFunction({
    environment: { B: '1', A: 'secret-value' },
    buckets: { BUCKET: 'events' },
    architecture: 'x86_64',
  }),
  code,
};
const unset = seenFunction(code.sha256);
const active: SeenFunction = {
  ...unset,
  settings: { ...unset.settings, environment: { A: 'secret-value', BUCKET: 'events', B: '1' } },
};

test.each<[string, Parameters<typeof lambdaFunction.decide>[1], SeenFunction | undefined, string | RegExp]>([
  ['absent', declared, undefined, 'CreateFunction (nodejs22.x, 1 KB)'],
  ['Pending', declared, { ...active, state: 'Pending' }, 'wait for it to be Active, now Pending'],
  ['updating', declared, { ...active, lastUpdateStatus: 'InProgress' }, /^wait for its update to finish/],
  [
    'Failed',
    declared,
    { ...active, state: 'Failed', stateReason: 'no image' },
    /^fail: Function f is Failed, expected Active: no image; /,
  ],
  [
    'Failed, because LocalStack found no Docker engine',
    declared,
    { ...active, state: 'Failed', stateReason: 'Error while creating lambda: Docker not available' },
    /^fail: Function f is Failed, expected Active: Error while creating lambda: Docker not available; mount \/var\/run\/docker\.sock .* DOCKER_HOST.*, and restart LocalStack\.$/,
  ],
  [
    'Failed, because LocalStack could not pull its image, for which it gives no reason',
    declared,
    { ...active, state: 'Failed', stateReason: 'Error while creating lambda: ' },
    /^fail: Function f is Failed, expected Active: Error while creating lambda; LocalStack could not pull public\.ecr\.aws\/lambda\/nodejs:22, .* run docker pull public\.ecr\.aws\/lambda\/nodejs:22 to see why, .* restart LocalStack/,
  ],
  [
    'Failed, while an update that may fix it runs',
    declared,
    {
      ...active,
      state: 'Failed',
      stateReason: 'no image',
      lastUpdateStatus: 'InProgress',
      modifiedAt: world().now - 500,
    },
    'wait for its update to finish, now LastUpdateStatus InProgress',
  ],
  [
    'Failed, while an update that may fix it runs, by a clock in another time zone',
    declared,
    {
      ...active,
      state: 'Failed',
      stateReason: 'no image',
      lastUpdateStatus: 'InProgress',
      modifiedAt: world().now - 5 * 3_600_000 - 500,
    },
    'wait for its update to finish, now LastUpdateStatus InProgress',
  ],
  [
    'Failed, after a rejected update that is reported as InProgress',
    declared,
    { ...active, state: 'Failed', stateReason: 'no image', lastUpdateStatus: 'InProgress' },
    /^fail: Function f is Failed, expected Active: no image; /,
  ],
  [
    'Failed, definition changed since',
    { ...declared, memorySize: 256 },
    { ...active, state: 'Failed', stateReason: 'no image' },
    'UpdateFunctionConfiguration (memorySize)',
  ],
  [
    'update failed, definition changed since',
    { ...declared, memorySize: 256 },
    { ...active, lastUpdateStatus: 'Failed', lastUpdateReason: 'no image' },
    'UpdateFunctionConfiguration (memorySize)',
  ],
  [
    'update failed',
    declared,
    { ...active, lastUpdateStatus: 'Failed', lastUpdateReason: 'no image' },
    /^fail: The last update of function f failed: no image; /,
  ],
  ['as declared, variables in another order', declared, active, 'nothing'],
  ['Inactive: idle, wakes when invoked', declared, { ...active, state: 'Inactive' }, 'nothing'],
  [
    'settings',
    { ...declared, memorySize: 256, timeoutSeconds: 9 },
    active,
    'UpdateFunctionConfiguration (memorySize, timeoutSeconds)',
  ],
  [
    'a variable: its value is not printed',
    { ...declared, environment: { A: 'other-secret' } },
    active,
    'UpdateFunctionConfiguration (environment)',
  ],
  ['code', declared, { ...active, codeSha256: 'old' }, 'UpdateFunctionCode (code)'],
  ['architecture', { ...declared, architecture: 'arm64' }, active, 'UpdateFunctionCode (architecture arm64)'],
  ['new tag', { ...declared, tags: { a: 'b' } }, active, 'TagResource (tags a)'],
  ['removed tag', declared, { ...active, tags: { a: 'b' } }, 'UntagResource (tags a are no longer declared)'],
  ['existing, absent', { existing: true }, undefined, 'wait for it to be created, now no such function in us-east-1'],
  ['existing, other code', { existing: true }, { ...active, codeSha256: 'old' }, 'nothing'],
  ['existing, Pending', { existing: true }, { ...active, state: 'Pending' }, 'wait for it to be Active, now Pending'],
  ['removal', undefined, active, 'DeleteFunction (no longer wanted)'],
  ['removed', undefined, undefined, 'nothing'],
])('%s', (_, wanted, seen, expected) => {
  const decided = textOf(lambdaFunction.decide({ name: 'f' }, wanted, seen, world()));
  expected instanceof RegExp ? expect(decided).toMatch(expected) : expect(decided).toBe(expected);
});

test('the default role is in the pipeline’s account, because the poller assumes it', () => {
  const decision = lambdaFunction.decide({ name: 'f' }, declared, undefined, { ...world(), account: '111111111111' });
  expect(decision).toMatchObject({ request: { input: { Role: 'arn:aws:iam::111111111111:role/lambda-role' } } });
});

test('passes a bucket’s name to the function as the declared variable', () => {
  expect(lambdaFunction.decide({ name: 'f' }, declared, undefined, world())).toMatchObject({
    request: { input: { Environment: { Variables: { BUCKET: 'events', A: 'secret-value', B: '1' } } } },
  });
});

test('rejects a runtime that the engine does not support, and lists the supported ones', () => {
  const problem = lambdaFunction.unsupported?.(
    { name: 'f' },
    declared,
    world({}, ['nodejs20.x', 'nodejs18.x', 'python3.12']),
  );
  expect(problem).toMatch(
    /^Function f has the runtime nodejs22\.x, which this engine does not support; it supports nodejs18\.x, nodejs20\.x: /,
  );
});

test.each([
  ['supported', ['nodejs22.x']],
  ['unknown, because the engine lists none', undefined],
])('accepts a runtime that is %s', (_, runtimes) => {
  expect(lambdaFunction.unsupported?.({ name: 'f' }, declared, world({}, runtimes))).toBeUndefined();
});

test.each([
  [
    'the definition has changed',
    { ...declared, memorySize: 256 },
    /^DeleteFunction \(it is Failed and .* re-creating it\)$/,
  ],
  ['nothing has changed', declared, /^fail: Function f is Failed, .*: no image; fix that in the definition/],
  ['it is declared as existing', { existing: true as const }, /^fail: Function f is Failed/],
  ['it is to be removed', undefined, /^DeleteFunction/],
])('Failed on an engine that can delete it: %s', (_, wanted, expected) => {
  const seen = { ...active, state: 'Failed', stateReason: 'no image' };
  expect(textOf(lambdaFunction.decide({ name: 'f' }, wanted, seen, world({ failedFunctionStays: false })))).toMatch(
    expected,
  );
});
