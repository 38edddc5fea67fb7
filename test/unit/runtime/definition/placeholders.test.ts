// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders
import { expect, test } from 'vitest';
import { parsePipeline } from '../../../../src/runtime/definition/check.ts';
import { resolvePlaceholders } from '../../../../src/runtime/definition/placeholders.ts';
import { problemsOf, withFunction, withMapping, withStream } from './helpers.ts';

type Env = Record<string, string | undefined>;

const resolve = (input: object, env: Env) => resolvePlaceholders(parsePipeline(input, 'a.ts'), env);
const descriptionOf = (description: string, env: Env = {}) =>
  (resolve(withFunction({ description }), env).functions['f'] as { description: string }).description;

test.each<[text: string, env: Env, result: string]>([
  ['${A}', { A: 'x' }, 'x'],
  ['<${A}/${B_1}>', { A: 'x', B_1: 'y' }, '<x/y>'],
  ['${A}', { A: '' }, ''],
  ['${A:-d}', {}, 'd'],
  ['${A:-d}', { A: '' }, 'd'],
  ['${A:-d}', { A: 'x' }, 'x'],
  ['${A:-}', {}, ''],
  ['${A:-http://x:1/-}', {}, 'http://x:1/-'],
  ['$${A}', { A: 'x' }, '${A}'],
  ['$$${A}', { A: 'x' }, '$${A}'],
  ['${A}', { A: '${B}', B: 'x' }, '${B}'],
  ['$A {A} $', { A: 'x' }, '$A {A} $'],
  ['${A}', { A: "$& $1 $'" }, "$& $1 $'"],
])('turns %j with %j into %j', (text, env, result) => expect(descriptionOf(text, env)).toBe(result));

test('replaces in every value except names and references', () => {
  const input = {
    region: '${REGION}',
    streams: { s: { streamMode: '${MODE}', tags: { team: '${TEAM}' } } },
    functions: { f: { zip: '${DIR}/f.zip', environment: { KEY: '${KEY}' }, layers: ['${LAYER}'], role: '${ROLE}' } },
    eventSourceMappings: [
      { stream: 's', function: 'f', startingPosition: '${FROM:-LATEST}', filters: [{ data: { a: ['${A}'] } }] },
    ],
  };
  const resolved = resolve(input, {
    REGION: 'eu-west-1',
    MODE: 'PROVISIONED',
    TEAM: 'x',
    DIR: '/code',
    KEY: 'secret',
    LAYER: 'arn:aws:lambda:us-east-1:000000000000:layer:l:1',
    ROLE: 'arn:aws:iam::000000000000:role/r',
    A: '1',
  });
  expect(resolved).toMatchObject({
    region: 'eu-west-1',
    streams: { s: { streamMode: 'PROVISIONED', shardCount: 1, tags: { team: 'x' } } },
    functions: { f: { zip: '/code/f.zip', environment: { KEY: 'secret' }, role: 'arn:aws:iam::000000000000:role/r' } },
    eventSourceMappings: [{ startingPosition: 'LATEST', filters: [{ data: { a: ['1'] } }] }],
  });
});

test('leaves a pipeline without placeholders unchanged', () => {
  const pipeline = parsePipeline(withMapping({ filters: [{ data: { price: ['$5', '{x}'] } }] }), 'a.ts');
  expect(resolvePlaceholders(pipeline, {})).toEqual(pipeline);
});

test.each<[input: object, env: Env, message: string]>([
  [
    withFunction({ role: '${ROLE}' }),
    {},
    "Environment: functions.f.role needs ROLE, which is not set: set ROLE in this shell (for a hook, in the environment of LocalStack's container), or write ${ROLE:-default}",
  ],
  [
    withFunction({ environment: { KEY: '${KEY}' }, description: '${constructor}' }),
    {},
    `Environment has 2 problems:
  functions.f.environment.KEY needs KEY, which is not set: set KEY in this shell (for a hook, in the environment of LocalStack's container), or write \${KEY:-default}
  functions.f.description needs constructor, which is not set: set constructor in this shell (for a hook, in the environment of LocalStack's container), or write \${constructor:-default}`,
  ],
  [
    withFunction({ role: '${ROLE}' }),
    { ROLE: 'secret' },
    "The pipeline, with its placeholders filled in: functions.f.role is '${ROLE}', whose value must be the ARN of a role, such as arn:aws:iam::000000000000:role/lambda-role",
  ],
  [
    withStream({ streamMode: '${MODE}' }),
    { MODE: 'secret' },
    "The pipeline, with its placeholders filled in: streams.s.streamMode is '${MODE}', whose value must be 'PROVISIONED' or 'ON_DEMAND'",
  ],
  [
    withStream({ streamMode: '${MODE}', shardCount: 2 }),
    { MODE: 'ON_DEMAND' },
    'The pipeline, with its placeholders filled in: streams.s.shardCount cannot be set with streamMode ON_DEMAND: leave one of them out',
  ],
  [
    withFunction({ environment: { KEY: '${KEY}' } }),
    { KEY: 'x'.repeat(5000) },
    'The pipeline, with its placeholders filled in: functions.f.environment is 5010 bytes with buckets, but must be at most 4096',
  ],
  [
    withFunction({ role: '$${ROLE}' }),
    {},
    "The pipeline, with its placeholders filled in: functions.f.role is '$${ROLE}', whose value must be the ARN of a role, such as arn:aws:iam::000000000000:role/lambda-role",
  ],
])('reports the problem with %j and %j', (input, env, message) => {
  expect(() => resolve(input, env)).toThrow(expect.objectContaining({ name: 'InvalidInputError', message }));
});

test.each<[input: object, problem: string]>([
  [
    withFunction({ description: '${A-b}' }),
    'functions.f.description contains a ${ that is not a placeholder: write ${NAME} or ${NAME:-default}, or $${ for a literal ${',
  ],
  [
    withFunction({ memorySize: '${MEMORY}' }),
    "functions.f.memorySize is '${MEMORY}', but must be a whole number from 128 to 10240 (MB)",
  ],
  [
    withStream({}, '${NAME}'),
    "streams['${NAME}'] is not a valid name: it must be 1 to 128 letters, digits, underscores, dots and hyphens",
  ],
  [
    withMapping({ stream: '${NAME}' }),
    "eventSourceMappings[0].stream is '${NAME}', which is not declared in streams; declared: s",
  ],
])('rejects a placeholder in the wrong place: %j', (input, problem) => expect(problemsOf(input)).toBe(problem));
