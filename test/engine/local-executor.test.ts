import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { down, type LocalEngine, up } from '../../src/local/index.ts';
import { identify } from '../../src/local/machine/processes.ts';
import { type Declared, Functions, zipOf } from '../support/functions.ts';

let dataDir: string;
let engine: LocalEngine;
let functions: Functions;

const run: Functions['run'] = (...args) => functions.run(...args);

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-executor-'));
  engine = await up({ port: 0, dataDir });
  functions = new Functions(engine);
  await functions.active(await functions.create({ 'index.mjs': 'export const handler = () => {}' }));
});

afterAll(async () => {
  functions.lambda.destroy();
  await down({ dataDir });
  await rm(dataDir, { recursive: true, force: true });
});

describe('handlers', () => {
  const esm = 'export const handler = async (event) => ({ got: event.n });';
  const cjs = 'exports.handler = async (event) => ({ got: event.n });';

  test.each<[string, Record<string, string>, Declared]>([
    ['ESM by extension', { 'index.mjs': esm }, {}],
    ['CommonJS by extension', { 'index.cjs': cjs }, {}],
    ['.js is CommonJS', { 'index.js': cjs }, {}],
    ['.js is ESM where package.json says so', { 'index.js': esm, 'package.json': '{"type":"module"}' }, {}],
    ['folders', { 'dist/api/index.mjs': esm }, { handler: 'dist/api/index.handler' }],
    ['nested exports', { 'index.js': 'exports.a = { b: async (e) => ({ got: e.n }) };' }, { handler: 'index.a.b' }],
    ['plain function', { 'index.js': 'exports.handler = (e) => Promise.resolve({ got: e.n });' }, {}],
    ['callback', { 'index.js': 'exports.handler = (e, _, cb) => setTimeout(cb, 5, null, { got: e.n });' }, {}],
    ['context.succeed', { 'index.js': 'exports.handler = (e, c) => c.succeed({ got: e.n });' }, {}],
    [
      'a callback that need not wait for the event loop',
      {
        'index.js':
          'exports.handler = (e, c, cb) => { c.callbackWaitsForEmptyEventLoop = false; setTimeout(() => {}, 60000); cb(null, { got: e.n }); };',
      },
      { timeout: 3 },
    ],
  ])('%s', async (_, files, declared) => {
    expect(await run(files, declared, { n: 7 })).toMatchObject({ value: { got: 7 }, error: undefined });
  });

  test.each<[string, Record<string, string>, Declared, object]>([
    [
      'module not found',
      { 'other.mjs': esm },
      {},
      { errorType: 'Runtime.ImportModuleError', errorMessage: expect.stringContaining("Cannot find module 'index'") },
    ],
    [
      'dependency not found',
      { 'index.js': "require('left-out');" },
      {},
      {
        errorType: 'Runtime.ImportModuleError',
        errorMessage: expect.stringContaining("Cannot find module 'left-out'"),
      },
    ],
    [
      'handler not exported',
      { 'index.mjs': 'export const other = 1' },
      {},
      { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
    ],
    [
      'syntax error',
      { 'index.mjs': 'export const handler = (' },
      {},
      { errorType: 'Runtime.UserCodeSyntaxError', errorMessage: expect.stringContaining('SyntaxError') },
    ],
    ['bad handler name', { 'index.mjs': esm }, { handler: 'index' }, { errorType: 'Runtime.MalformedHandlerName' }],
    [
      'init throws',
      { 'index.mjs': "throw new TypeError('at init')" },
      {},
      { errorType: 'TypeError', errorMessage: 'at init' },
    ],
    ['init exits', { 'index.mjs': 'process.exit(3)' }, {}, { errorType: 'Runtime.ExitError' }],
  ])('%s is reported by the invocation', async (_, files, declared, value) => {
    expect(await run(files, declared)).toMatchObject({ value, error: 'Unhandled' });
  });
});

describe('failures', () => {
  const handlers = `
    export const rejects = async () => { throw new RangeError('too far'); };
    export const throws = () => { throw new Error('at once'); };
    export const calls = (event, context, callback) => callback(new Error('called back'));
    export const text = async () => { throw 'text'; };
    export const circular = async () => { const a = {}; a.a = a; return a; };
    export const bigint = async () => 1n;
    export const never = async () => new Promise(() => {});
    export const nothing = () => {};
    export const later = async () => { setImmediate(() => { throw new Error('later'); }); await new Promise(() => {}); };
    export const unhandled = async () => { Promise.reject(new Error('nobody')); await new Promise((r) => setTimeout(r, 5000)); };
  `;
  test.each<[string, object | null, string | undefined]>([
    ['rejects', { errorType: 'RangeError', errorMessage: 'too far', trace: expect.any(Array) }, 'Unhandled'],
    ['throws', { errorType: 'Error', errorMessage: 'at once' }, 'Unhandled'],
    ['calls', { errorType: 'Error', errorMessage: 'called back' }, 'Unhandled'],
    ['text', { errorType: 'string', errorMessage: 'text', trace: [] }, 'Unhandled'],
    ['circular', { errorType: 'Error', errorMessage: 'Unable to stringify response body' }, 'Unhandled'],
    ['bigint', { errorType: 'Error', errorMessage: 'Unable to stringify response body' }, 'Unhandled'],
    ['never', { errorType: 'Runtime.NodeJsExit' }, 'Unhandled'],
    ['nothing', null, undefined],
    ['later', { errorType: 'Error', errorMessage: 'later' }, 'Unhandled'],
    ['unhandled', { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: nobody' }, 'Unhandled'],
  ])('%s', async (name, value, error) => {
    const answer = await run({ 'index.mjs': handlers }, { handler: `index.${name}` });
    expect(answer.error).toBe(error);
    if (value) expect(answer.value).toMatchObject(value);
    else expect(answer.value).toBeNull();
  });

  test('an environment that exits is replaced', async () => {
    const name = await functions.create({
      'index.mjs': `let n = 0; export const handler = async (e) => { n++; if (e.exit !== undefined) process.exit(e.exit); return { n, pid: process.pid }; }`,
    });
    await functions.active(name);
    const first = await functions.invoke(name);
    const second = await functions.invoke(name);
    expect(second.value).toEqual({ n: 2, pid: first.value.pid });
    expect(first.log).toContain('Init Duration');
    expect(second.log).not.toContain('Init Duration');
    expect((await functions.invoke(name, { exit: 7 })).value).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: [\w-]{36} Error: Runtime exited with error: exit status 7$/),
    });
    const next = await functions.invoke(name);
    expect(next.value.n).toBe(1);
    expect(next.value.pid).not.toBe(first.value.pid);
    expect(next.log).toContain('Init Duration');
  });

  test('a timeout also kills busy loops and child processes', async () => {
    const name = await functions.create(
      {
        'index.mjs': `
          import { spawn } from 'node:child_process';
          export const handler = async (e) => {
            if (!e.busy) return process.pid;
            const child = spawn('sleep', ['1000']);
            console.log('child', child.pid, 'of', process.pid);
            while (true);
          };`,
      },
      { timeout: 1 },
    );
    await functions.active(name);
    const pid = (await functions.invoke(name)).value;
    const answer = await functions.invoke(name, { busy: true });
    expect(answer.error).toBe('Unhandled');
    expect(answer.value).toEqual({
      errorMessage: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z [\w-]{36} Task timed out after 1.00 seconds$/),
    });
    expect(answer.log).toContain('Task timed out after 1.00 seconds');
    const child = Number(/child (\d+)/.exec(answer.log)?.[1]);
    await expect.poll(() => identify(child)).toBeUndefined();
    await expect.poll(() => identify(pid)).toBeUndefined();
    expect((await functions.invoke(name)).error).toBeUndefined();
  });

  test('another runtime fails with a fix', async () => {
    const name = await functions.create({ 'index.rb': 'def handler(event:, context:) end' }, { runtime: 'ruby3.3' });
    await expect.poll(async () => (await functions.configuration(name)).State).toBe('Failed');
    expect((await functions.configuration(name)).StateReason).toMatch(
      /only Node\.js and Python 3 functions run.*ruby3\.3.*up --engine docker/,
    );
  });
});

describe('the environment of a function', () => {
  test('environment, context and log', async () => {
    const handler = `
      export const handler = async (event, context) => {
        console.log('hello', { a: 1 });
        console.error('two\\nlines');
        process.stdout.write('raw');
        return { env: process.env, cwd: process.cwd(), context, left: context.getRemainingTimeInMillis() };
      };`;
    process.env['SECRET_OF_THE_SHELL'] = 'yes';
    const { value, log } = await run({ 'index.mjs': handler }, { env: { GREETING: 'hi' }, timeout: 9 });
    expect(value.env).toMatchObject({
      GREETING: 'hi',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: engine.endpoint,
      AWS_ACCESS_KEY_ID: expect.any(String),
      AWS_SESSION_TOKEN: expect.any(String),
      AWS_LAMBDA_FUNCTION_NAME: `f-${functions.count}`,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      LAMBDA_TASK_ROOT: value.cwd,
      _HANDLER: 'index.handler',
    });
    for (const name of ['SECRET_OF_THE_SHELL', 'FILESYSTEM_ROOT', 'GATEWAY_LISTEN', 'HOME', 'READY_HOOKS_NODE']) {
      expect(value.env).not.toHaveProperty(name);
    }
    expect(value.context).toEqual({
      callbackWaitsForEmptyEventLoop: true,
      functionName: `f-${functions.count}`,
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:f-${functions.count}`,
      awsRequestId: expect.stringMatching(/^[\w-]{36}$/),
      logGroupName: `/aws/lambda/f-${functions.count}`,
      logStreamName: expect.stringContaining('[$LATEST]'),
    });
    expect(value.left).toBeGreaterThan(7_000);
    expect(value.left).toBeLessThanOrEqual(9_000);
    const id = value.context.awsRequestId;
    const lines = log.trimEnd().split('\n');
    expect(lines[0]).toBe(`START RequestId: ${id} Version: $LATEST`);
    expect(lines[1]).toMatch(new RegExp(`^[\\d:.TZ-]+\t${id}\tINFO\thello { a: 1 }$`));
    expect(lines[2]).toMatch(new RegExp(`\t${id}\tERROR\ttwo\rlines$`));
    expect(lines.slice(3, 5)).toEqual(['raw', `END RequestId: ${id}`]);
    expect(lines[5]).toMatch(/^REPORT .*\tDuration: [\d.]+ ms\t.*Memory Size: 256 MB\tMax Memory Used: \d+ MB\tInit/);
  });

  test('has the AWS SDK without bundling it, from ESM and CommonJS, and it reaches this LocalStack', async () => {
    const body = `const s3 = new S3Client({}); const Bucket = 'b-' + process.env.AWS_LAMBDA_FUNCTION_NAME;
      const handler = async () => { await s3.send(new CreateBucketCommand({ Bucket }));
        return (await s3.send(new ListBucketsCommand({}))).Buckets.some((b) => b.Name === Bucket); };`;
    const names = '{ S3Client, CreateBucketCommand, ListBucketsCommand }';
    const esm = `import ${names} from '@aws-sdk/client-s3'; ${body} export { handler };`;
    const cjs = `const ${names} = require('@aws-sdk/client-s3'); ${body} exports.handler = handler;`;
    expect((await run({ 'index.mjs': esm })).value).toBe(true);
    expect((await run({ 'index.cjs': cjs })).value).toBe(true);
  });
});

test('concurrent invocations have one process each', async () => {
  const name = await functions.create({
    'index.mjs':
      'export const handler = async () => { await new Promise((r) => setTimeout(r, 800)); return process.pid; };',
  });
  await functions.active(name);
  const answers = await Promise.all([1, 2, 3].map(() => functions.invoke(name)));
  expect(new Set(answers.map((answer) => answer.value)).size).toBe(3);
});

test('payloads and logs can have megabytes', async () => {
  const name = await functions.create({
    'index.mjs': `export const handler = async (e) => { console.log('x'.repeat(3e6)); console.error('y'.repeat(3e6)); return e; };`,
  });
  await functions.active(name);
  const text = 'ä€😀'.repeat(500_000);
  const { value, error } = await functions.invoke(name, { text });
  expect(error).toBeUndefined();
  expect(value.text === text).toBe(true);
});

test('an update lets a running invocation finish', async () => {
  const running = join(dataDir, 'running');
  const code = (answer: string) =>
    `import { writeFileSync } from 'node:fs';
    export const handler = async () => {
      writeFileSync(${JSON.stringify(running)}, '');
      await new Promise((r) => setTimeout(r, 700));
      return '${answer}';
    };`;
  const name = await functions.active(await functions.create({ 'index.mjs': code('old') }));
  const before = functions.invoke(name);
  await expect.poll(() => existsSync(running), { timeout: 10_000 }).toBe(true);
  const ZipFile = zipOf({ 'index.mjs': code('new') });
  await functions.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));
  expect(await before).toMatchObject({ value: 'old', error: undefined });
  await expect.poll(async () => (await functions.invoke(name)).value, { timeout: 5_000 }).toBe('new');
});

test('function logs reach CloudWatch', async () => {
  const name = await functions.active(
    await functions.create({ 'index.mjs': "export const handler = async () => console.log('to the cloud')" }),
  );
  await functions.invoke(name);
  const messages = async () => {
    const response = await fetch(engine.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Logs_20140328.FilterLogEvents',
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/logs/aws4_request, SignedHeaders=host, Signature=x',
      },
      body: JSON.stringify({ logGroupName: `/aws/lambda/${name}` }),
    });
    const { events = [] } = (await response.json()) as { events?: { message: string }[] };
    return events.map((event) => event.message).join('');
  };
  await expect.poll(messages, { timeout: 10_000 }).toMatch(/START.*INFO\tto the cloud.*END.*REPORT/s);
});

test('LocalStack logged no error', async () => {
  expect(await readFile(engine.logFile, 'utf8')).not.toMatch(/Traceback|ready_hooks_executor/);
});
