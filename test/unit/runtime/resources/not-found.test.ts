import { expect, test } from 'vitest';
import { difference } from '../../../../src/runtime/resources/mapping/not-found.ts';

const stream = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
const fn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const role = 'arn:aws:iam::000000000000:role/lambda-role';
const current = { stream, function: fn, role };

test.each([
  ['nothing differs', `Stream not found: ${stream}`, current],
  ['nothing is named', 'Function does not exist', current],
  ['the resources are not visible now', `Stream not found: ${stream}`, {}],
  ['the account is the same', 'Stream s under account 000000000000 not found.', current],
  ['a version of the function', `Function not found: ${fn}:$LATEST`, current],
])('may pass: %s', (_, message, seen) => {
  expect(difference(message, { stream, function: fn, seen })).toBeUndefined();
});

test.each([
  [
    'region',
    `Stream not found: ${stream.replace('us-east-1', 'eu-west-1')}`,
    current,
    /\(region eu-west-1, not us-east-1\)$/,
  ],
  [
    'account',
    `Stream not found: ${stream.replace('0000', '1111')}`,
    current,
    /\(account 111100000000, not 000000000000\)$/,
  ],
  [
    'name',
    `Stream not found: ${stream}-2`,
    current,
    /looked for \S+\/s-2, but the request named \S+\/s \(name s-2, not s\)$/,
  ],
  [
    'function',
    `Function not found: ${fn.replace('us-east-1', 'eu-west-1')}`,
    current,
    /\(region eu-west-1, not us-east-1\)$/,
  ],
  [
    'account in words',
    'Stream s under account 111111111111 not found.',
    current,
    /looked in account 111111111111, but the stream is in account 000000000000: set/,
  ],
  [
    'stream seen',
    'Stream not found',
    { ...current, stream: stream.replace('0000', '1111') },
    /^the engine's stream is .*\(account 111100000000, not 000000000000\)$/,
  ],
  [
    'function seen',
    'Function does not exist',
    { ...current, function: fn.replace('us-east-1', 'eu-west-1') },
    /^the engine's function is .*\(region eu-west-1, not us-east-1\)$/,
  ],
  [
    'role',
    `Stream not found: ${stream}`,
    { ...current, role: role.replace('0000', '1111') },
    /role .* belongs to account 111100000000, .* in 000000000000: give the function a role in account 000000000000, or none$/,
  ],
] as const)('cannot pass: another %s', (_, message, seen, expected) => {
  expect(difference(message, { stream, function: fn, seen })).toMatch(expected);
});
