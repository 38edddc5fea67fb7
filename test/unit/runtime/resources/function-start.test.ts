import { describe, expect, test } from 'vitest';
import { lambdaFunction } from '../../../../src/runtime/resources/function/function.ts';
import {
  containerProblem,
  type FirstCall,
  failureFix,
  firstCallIn,
  imageOf,
  startTags,
  verifyStart,
} from '../../../../src/runtime/resources/function/start.ts';
import type { Made } from '../../../../src/runtime/resources/kind.ts';
import { textOf, world } from './world.ts';

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const declared = { verifyStart: true } as never;
const asProcesses = world();
const inContainers = { ...asProcesses, engine: { ...asProcesses.engine, functionsInContainers: true } };
const UNVERIFIED = { 'ready-hooks:start': 'unverified' };

test.each([
  ['asked for, in containers', true, inContainers, UNVERIFIED],
  ['asked for, as processes', true, asProcesses, {}],
  ['not asked for', false, inContainers, {}],
])('a function is created as unverified where its start is checked: %s', (_, verify, where, tags) => {
  expect(startTags({ verifyStart: verify } as never, where)).toEqual(tags);
});

test.each<[string, Record<string, string>, FirstCall | undefined, RegExp]>([
  ['verified before', {}, undefined, /^nothing$/],
  ['not called yet', UNVERIFIED, undefined, /^Invoke \(an empty batch, to check that its container starts\)$/],
  ['called', UNVERIFIED, {}, /^UntagResource \(its container started\)$/],
  [
    'failed',
    UNVERIFIED,
    { error: 'Runtime.ImportModuleError: no x' },
    /^fail: Function f does not start: its first call failed with Runtime.ImportModuleError: no x; fix its code and apply again\.$/,
  ],
])('the first call of a function: %s', (_, tags, firstCall, expected) => {
  expect(textOf(verifyStart('f', declared, { arn, tags, ...(firstCall && { firstCall }) }))).toMatch(expected);
});

test('a first start in Docker says which image it waits for', () => {
  const seen = { state: 'Pending', settings: { runtime: 'nodejs22.x' } } as never;
  const text = (where: typeof asProcesses) => textOf(lambdaFunction.decide({ name: 'f' }, declared, seen, where));
  expect(text(inContainers)).toBe(
    'wait for it to be Active, now Pending: LocalStack is pulling public.ecr.aws/lambda/nodejs:22',
  );
  expect(text(asProcesses)).toBe('wait for it to be Active, now Pending');
});

test('a function that something else creates is not called', () => {
  expect(verifyStart('f', { existing: true }, { arn, tags: UNVERIFIED })).toEqual({ do: 'nothing' });
});

describe('what came of the first call', () => {
  const call = (answer: object) => [{ operation: 'Invoke', input: {}, answer }] as unknown as Made[];
  const payload = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

  test.each<[string, Made[], FirstCall | undefined]>([
    ['not made', [], undefined],
    ['answered', call({ Payload: payload({}) }), {}],
    [
      'failed',
      call({ FunctionError: 'Unhandled', Payload: payload({ errorType: 'TypeError', errorMessage: 'no x' }) }),
      { error: 'TypeError: no x' },
    ],
    [
      'failed without JSON',
      call({ FunctionError: 'Unhandled', Payload: new TextEncoder().encode('gone') }),
      { error: 'gone' },
    ],
    ['failed without a word', call({ FunctionError: 'Unhandled' }), { error: 'no reason given' }],
  ])('%s', (_, made, expected) => {
    expect(firstCallIn(made)).toEqual(expected);
  });
});

test.each([
  ['[5e3a] Timeout while starting up lambda environment for function f:None', /could not reach LocalStack/],
  ['Caused by AssignmentException: Could not start new environment: NoSuchContainer:x', /Docker could not start/],
  ['Rate exceeded', /^undefined$/],
])('LocalStack’s reason for a container that does not start: %s', (message, expected) => {
  expect(String(containerProblem(message))).toMatch(expected);
});

test.each([
  ['Error while creating lambda: ', /could not pull public\.ecr\.aws\/lambda\/nodejs:22, .* docker pull public\.ecr/],
  ['Error while creating lambda: Docker not available', /^mount \/var\/run\/docker\.sock/],
  ['Error while creating lambda: no space left on device', /^undefined$/],
  [undefined, /^undefined$/],
])('the fix for a Failed function with the reason %j', (reason, expected) => {
  expect(String(failureFix(reason, 'nodejs22.x'))).toMatch(expected);
});

// LocalStack 4.14.0: localstack/services/lambda_/runtimes.py
test.each([
  ['nodejs22.x', 'nodejs:22'],
  ['python3.12', 'python:3.12'],
  ['java21', 'java:21'],
  ['java8.al2', 'java:8.al2'],
  ['dotnet8', 'dotnet:8'],
  ['dotnetcore3.1', 'dotnet:core3.1'],
  ['go1.x', 'go:1'],
  ['ruby3.4', 'ruby:3.4'],
  ['provided.al2023', 'provided:al2023'],
])('the image of %s is %s', (runtime, image) => {
  expect(imageOf(runtime)).toBe(`public.ecr.aws/lambda/${image}`);
});
