import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { down, type LocalEngine, up } from '../../src/local/index.ts';
import { identify } from '../../src/local/machine/processes.ts';
import { findPythons } from '../../src/local/python/find.ts';
import { apply } from '../../src/runtime/apply/apply.ts';
import { codeOf } from '../../src/runtime/contents/function-code.ts';
import type { DeclaredMapping } from '../../src/runtime/definition/pipeline.ts';
import { cli, startCli } from '../support/cli.ts';
import { type Declared, Functions, zipOf } from '../support/functions.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';
import { handled } from '../support/recorder.ts';
import { putTogether } from '../support/records.ts';

const minor = (version: string) => Number(version.split('.')[1]);

let dataDir: string;
let engine: LocalEngine;
let functions: Functions;
/** The engine's own minor version, the others that it finds, and one that is missing. */
let own: number;
const others: number[] = [];
let missing: number;

const run: Functions['run'] = (...args) => functions.run(...args);
const handler = (...lines: string[]) => ({ 'index.py': ['def handler(event, context):', ...lines].join('\n  ') });

beforeAll(async () => {
  const pythons = (await findPythons(() => false)).filter(({ version }) => minor(version) >= 9);
  dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-python-'));
  engine = await up({ port: 0, dataDir, env: { READY_HOOKS_PYTHONS: pythons.map(({ path }) => path).join(':') } });
  own = minor(engine.python);
  for (const { version } of pythons) if (minor(version) !== own) others.push(minor(version));
  missing = [14, 13, 12, 11, 10, 9].find((each) => each !== own && !others.includes(each)) ?? 8;
  functions = new Functions(engine, `python3.${own}`);
  await functions.active(await functions.create(handler('pass')));
});

afterAll(async () => {
  functions.lambda.destroy();
  await down({ dataDir });
  await rm(dataDir, { recursive: true, force: true });
});

describe('handlers', () => {
  const got = 'def handler(event, context):\n  return {"got": event["n"]}\n';

  test.each<[string, Record<string, string>, Declared]>([
    ['a module', { 'index.py': got }, {}],
    ['a folder with a slash', { 'src/api/index.py': got }, { handler: 'src/api/index.handler' }],
    ['a package with dots', { 'api/__init__.py': '', 'api/index.py': got }, { handler: 'api.index.handler' }],
    ['own modules', { 'index.py': 'from errors import handler', 'errors.py': got }, {}],
    ['vendored packages first', { 'index.py': 'from boto3 import handler', 'boto3.py': got }, {}],
    ['PYTHONPATH', { 'index.py': 'from deep import handler', 'lib/deep.py': got }, { env: { PYTHONPATH: 'lib' } }],
    [
      'a callable object',
      { 'index.py': `class A:\n  def __call__(self, event, context): return {"got": event["n"]}\nhandler = A()` },
      {},
    ],
  ])('%s', async (_, files, declared) => {
    expect(await run(files, declared, { n: 7 })).toMatchObject({ value: { got: 7 }, error: undefined });
  });

  test.each<[string, string, unknown]>([
    ['None', 'return None', null],
    ['text', 'return "ä€😀"', 'ä€😀'],
    ['a tuple', 'return 1, 2.5, True', [1, 2.5, true]],
    [
      'decimals, as DynamoDB returns them',
      'from decimal import Decimal; return [Decimal("1.5"), Decimal("20")]',
      [1.5, 20],
    ],
    ['JSON as bytes', `return b'{"a": 1}'`, { a: 1 }],
  ])('returns %s', async (_, line, value) => {
    expect(await run(handler(line))).toMatchObject({ value, error: undefined });
  });
});

describe('failures', () => {
  test.each<[string, Record<string, string>, Declared, object]>([
    [
      'a missing module',
      { 'other.py': '' },
      {},
      {
        errorType: 'Runtime.ImportModuleError',
        errorMessage: "Unable to import module 'index': No module named 'index'",
      },
    ],
    [
      'a dependency that only LocalStack has',
      { 'index.py': 'import werkzeug' },
      {},
      {
        errorType: 'Runtime.ImportModuleError',
        errorMessage: "Unable to import module 'index': No module named 'werkzeug'",
      },
    ],
    [
      'a missing handler',
      { 'index.py': 'other = 1' },
      {},
      { errorType: 'Runtime.HandlerNotFound', errorMessage: "Handler 'handler' missing on module 'index'" },
    ],
    [
      'a syntax error',
      { 'index.py': 'x = 1\ndef handler(:\n' },
      {},
      {
        errorType: 'Runtime.UserCodeSyntaxError',
        errorMessage: "Syntax error in module 'index': invalid syntax (index.py, line 2)",
        stackTrace: [expect.stringMatching(/^ {2}File ".*\/index\.py" Line 2\n {4}def handler\(:/)],
      },
    ],
    [
      'a handler without a dot',
      { 'index.py': '' },
      { handler: 'index' },
      { errorType: 'Runtime.MalformedHandlerName' },
    ],
    ['a built-in module', {}, { handler: 'sys.exit' }, { errorType: 'Runtime.BuiltInModuleConflict' }],
    [
      'an exception at init',
      { 'index.py': 'def load():\n  raise KeyError("at init")\nload()' },
      {},
      {
        errorType: 'KeyError',
        errorMessage: "'at init'",
        stackTrace: expect.arrayContaining([
          expect.stringMatching(/^ {2}File ".*\/index\.py", line 2, in load\n {4}raise KeyError\("at init"\)\n$/),
        ]),
      },
    ],
    ['an exit at init', { 'index.py': 'import sys; sys.exit(3)' }, {}, { errorType: 'Runtime.ExitError' }],
  ])('%s is reported by the invocation', async (_, files, declared, value) => {
    const answer = await run({ 'README.md': '', ...files }, declared);
    expect(answer).toMatchObject({ value, error: 'Unhandled' });
    if ('errorMessage' in value)
      expect(answer.log).toContain(`[ERROR] ${answer.value.errorType}: ${answer.value.errorMessage}`);
  });

  test('an exception has its type, message and stack, in the response and in the log', async () => {
    const files = {
      'index.py': 'def inner():\n    raise ValueError("too\\nfar")\ndef handler(event, context):\n    inner()\n',
    };
    const { value, error, log } = await run(files);
    expect(error).toBe('Unhandled');
    expect(value).toEqual({
      errorType: 'ValueError',
      errorMessage: 'too\nfar',
      requestId: expect.stringMatching(/^[\w-]{36}$/),
      stackTrace: [
        expect.stringMatching(/^ {2}File ".*\/index\.py", line 4, in handler\n {4}inner\(\)\n$/),
        expect.stringMatching(/^ {2}File ".*\/index\.py", line 2, in inner\n {4}raise ValueError\("too\\nfar"\)\n$/),
      ],
    });
    expect(log).toMatch(
      /\n\[ERROR\] ValueError: too\rfar\rTraceback \(most recent call last\):\r\u00a0\u00a0File ".*", line 4, in handler\r\u00a0{4}inner\(\)\r/,
    );
  });

  test.each([
    ['an object', 'return object()', 'Unable to marshal response: Object of type object is not JSON serializable'],
    ['a coroutine', 'async def a(): pass\n  return a()', 'Unable to marshal response: Object of type coroutine is'],
  ])('%s cannot be returned', async (_, line, message) => {
    const { value } = await run(handler(line));
    expect(value).toMatchObject({ errorType: 'Runtime.MarshalError', errorMessage: expect.stringContaining(message) });
  });

  test('an environment is used again, and replaced after it exits', async () => {
    const name = await functions.active(
      await functions.create({
        'index.py': `import os, sys
n = 0
def handler(event, context):
  global n
  n += 1
  if "exit" in event: sys.exit(event["exit"])
  if "quit" in event: quit()
  if "kill" in event: os._exit(event["kill"])
  return {"n": n, "pid": os.getpid()}`,
      }),
    );
    const exit = (reason: string) => ({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(new RegExp(`^RequestId: [\\w-]{36} Error: Runtime exited ${reason}$`)),
    });
    const first = await functions.invoke(name);
    const second = await functions.invoke(name);
    expect(second.value).toEqual({ n: 2, pid: first.value.pid });
    expect(first.log).toContain('Init Duration');
    expect(second.log).not.toContain('Init Duration');
    expect((await functions.invoke(name, { exit: 7 })).value).toEqual(exit('with error: exit status 7'));
    expect((await functions.invoke(name, { kill: 5 })).value).toEqual(exit('with error: exit status 5'));
    expect((await functions.invoke(name, { quit: true })).value).toEqual(exit('without providing a reason'));
    const next = await functions.invoke(name);
    expect(next.value.n).toBe(1);
    expect(next.value.pid).not.toBe(first.value.pid);
  });

  test('a timeout also kills busy loops and child processes; what was printed is in the log', async () => {
    const name = await functions.active(
      await functions.create(
        {
          'index.py': `import os, subprocess
def handler(event, context):
  if "busy" not in event: return os.getpid()
  child = subprocess.Popen(["sleep", "1000"])
  print("child", child.pid, end="")
  while True: pass`,
        },
        { timeout: 1 },
      ),
    );
    const pid = (await functions.invoke(name)).value;
    const { value, log } = await functions.invoke(name, { busy: true });
    expect(value).toEqual({
      errorMessage: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z [\w-]{36} Task timed out after 1.00 seconds$/),
    });
    const child = Number(/child (\d+)/.exec(log)?.[1]);
    await expect.poll(() => identify(child)).toBeUndefined();
    await expect.poll(() => identify(pid)).toBeUndefined();
    expect((await functions.invoke(name)).error).toBeUndefined();
  });
});

describe('the environment of a function', () => {
  test('environment, context and log', async () => {
    const files = {
      'index.py': `import logging, os, sys
def handler(event, context):
  print("hello", {"a": 1})
  logging.info("not shown")
  logging.basicConfig(level=logging.INFO, format="ignored, as on Lambda")
  logging.getLogger().setLevel(logging.INFO)
  logging.getLogger("shop").info("sold %d", 3)
  try: event["id"]
  except KeyError: logging.exception("no id")
  context.log("from the context\\n")
  sys.stderr.write("raw")
  left = context.get_remaining_time_in_millis()
  seen = {k: v for k, v in vars(context).items() if k != "identity"}
  return {"env": dict(os.environ), "cwd": os.getcwd(), "context": seen, "left": left, "stdin": sys.stdin.read(),
    "argv": len(sys.argv), "version": list(sys.version_info[:2]), "cognito": context.identity.cognito_identity_id}`,
    };
    process.env['SECRET_OF_THE_SHELL'] = 'yes';
    const { value, log } = await run(files, { env: { GREETING: 'hi' }, timeout: 9 });
    const name = `f-${functions.count}`;
    expect(value.env).toMatchObject({
      GREETING: 'hi',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: engine.endpoint,
      AWS_ACCESS_KEY_ID: expect.any(String),
      AWS_SESSION_TOKEN: expect.any(String),
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_EXECUTION_ENV: `AWS_Lambda_python3.${own}`,
      LAMBDA_TASK_ROOT: value.cwd,
      _HANDLER: 'index.handler',
    });
    for (const name of ['SECRET_OF_THE_SHELL', 'FILESYSTEM_ROOT', 'HOME', 'READY_HOOKS_PYTHONS', 'VIRTUAL_ENV'])
      expect(value.env).not.toHaveProperty(name);
    expect(value).toMatchObject({ stdin: '', argv: 1, version: [3, own], cognito: null });
    expect(value.context).toEqual({
      function_name: name,
      function_version: '$LATEST',
      memory_limit_in_mb: '256',
      invoked_function_arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      aws_request_id: expect.stringMatching(/^[\w-]{36}$/),
      log_group_name: `/aws/lambda/${name}`,
      log_stream_name: expect.stringContaining('[$LATEST]'),
      client_context: null,
      tenant_id: null,
      _deadline_ms: expect.any(Number),
    });
    expect(value.left).toBeGreaterThan(7_000);
    expect(value.left).toBeLessThanOrEqual(9_000);
    const id = value.context.aws_request_id;
    expect(log.trimEnd().split('\n')).toEqual([
      `START RequestId: ${id} Version: $LATEST`,
      "hello {'a': 1}",
      expect.stringMatching(new RegExp(`^\\[INFO\\]\t[\\dT:.-]{23}Z\t${id}\tsold 3$`)),
      expect.stringMatching(
        /^\[ERROR\]\t.*\tno id\rTraceback \(most recent call last\):\r {2}File [\s\S]*\rKeyError: 'id'$/,
      ),
      'from the context',
      'raw',
      `END RequestId: ${id}`,
      expect.stringMatching(/^REPORT .*\tDuration: [\d.]+ ms\t.*Memory Size: 256 MB\tMax Memory Used: \d\d MB\tInit/),
    ]);
  });

  const boto3 = {
    'index.py': `import boto3, os, sys
s3 = boto3.client("s3")
bucket = "b-" + os.environ["AWS_LAMBDA_FUNCTION_NAME"]
def handler(event, context):
  s3.create_bucket(Bucket=bucket)
  s3.put_object(Bucket=bucket, Key="a/b", Body=b"c")
  kinesis = boto3.client("kinesis").list_streams()["StreamNames"]
  return [sys.version_info[1], s3.get_object(Bucket=bucket, Key="a/b")["Body"].read().decode(), kinesis]`,
  };

  test('has boto3, and it reaches this LocalStack', async () => {
    expect((await run(boto3, { timeout: 30 })).value).toEqual([own, 'c', []]);
  });

  test("a function of another version runs on that version's Python, with boto3 too", async (context) => {
    const [other] = others;
    if (other === undefined) return context.skip('This machine has no second Python.');
    const { value, log } = await run(boto3, { runtime: `python3.${other}`, timeout: 30 });
    expect(value).toEqual([other, 'c', []]);
    expect(log).not.toContain('ready-hooks:');
  });

  test('without that version it runs on the nearest one, which its first log says', async () => {
    const name = await functions.active(
      await functions.create(handler('import sys; return sys.version_info[1]'), { runtime: `python3.${missing}` }),
    );
    const first = await functions.invoke(name);
    const nearest = Math.min(...[own, ...others].map((each) => Math.abs(each - missing)));
    expect(Math.abs(first.value - missing)).toBe(nearest);
    expect(first.log).toMatch(
      new RegExp(
        `\nready-hooks: no Python 3\\.${missing} was found, so this python3\\.${missing} function runs on Python 3\\.${first.value}\\.\\d+: `,
      ),
    );
    expect((await functions.invoke(name)).log).not.toContain('ready-hooks:');
  });
});

/** Stores each record under its data, and reports those that begin with "bad". */
const STORE = `import base64, boto3, os
s3 = boto3.client("s3")
def handler(event, context):
  failures = []
  for record in event["Records"]:
    data = base64.b64decode(record["kinesis"]["data"]).decode()
    if data.startswith("bad"):
      if "THROWS" in os.environ: raise ValueError("no good: " + data)
      failures.append({"itemIdentifier": record["kinesis"]["sequenceNumber"]})
    else:
      s3.put_object(Bucket=os.environ["BUCKET"], Key=f"{data}/{record['eventID']}/{context.aws_request_id}")
  return {"batchItemFailures": failures}`;

async function storing(mapping: Partial<DeclaredMapping>, environment: Record<string, string> = {}) {
  const declared = { runtime: `python3.${own}`, timeoutSeconds: 30, environment };
  const sample = samplePipeline(uniqueName('python'), { function: declared, mapping });
  const codes = new Map([[sample.name, codeOf(zipOf({ 'index.py': STORE }))]]);
  expect((await apply({ ...sample, codes }, { endpoint: engine.endpoint })).failures).toEqual({});
  return sample.name;
}
const within = { timeout: 30_000, interval: 200 };

describe('records of a stream', () => {
  test('reportBatchItemFailures: records before the bad one are handled once, later ones in each retry', async () => {
    const name = await storing({ reportBatchItemFailures: true, maximumRetryAttempts: 2 });
    await putTogether(engine.endpoint, name, ['good1', 'gööd2', 'bad', 'good3']);
    const counts = async () => Object.fromEntries(await handled(engine.endpoint, name));
    await expect.poll(counts, within).toEqual({ good1: 1, gööd2: 1, good3: 3 });
    await putTogether(engine.endpoint, name, ['later']);
    await expect.poll(counts, within).toEqual({ good1: 1, gööd2: 1, good3: 3, later: 1 });
  });

  test('an exception: doctor names it, and tail shows its stack', async () => {
    const name = await storing({}, { THROWS: 'yes' });
    const { said, stop, ended } = startCli(['tail', name, '--endpoint', engine.endpoint]);
    try {
      await expect.poll(() => said.stderr, within).toContain(`function ${name}`);
      await putTogether(engine.endpoint, name, ['bad']);
      await expect
        .poll(() => said.stdout, within)
        .toMatch(
          /\[ERROR\] ValueError: no good: bad\n.*Traceback \(most recent call last\):\n.*File ".*index\.py", line 8, in handler\n/s,
        );
    } finally {
      stop();
    }
    await ended;
    // LocalStack counts a call in CloudWatch a moment after it has written the log.
    await expect
      .poll(async () => (await cli(['doctor', '--endpoint', engine.endpoint])).stdout, within)
      .toMatch(new RegExp(`RH205[\\s\\S]*${name}[\\s\\S]*ValueError: no good: bad`));
  });
});

test('concurrent invocations have one process each', async () => {
  const code = handler('import os, time', 'time.sleep(0.8)', 'return os.getpid()');
  const name = await functions.active(await functions.create(code));
  const answers = await Promise.all([1, 2, 3].map(() => functions.invoke(name)));
  expect(new Set(answers.map((answer) => answer.value)).size).toBe(3);
});

test('payloads and logs can have megabytes', async () => {
  const name = await functions.active(await functions.create(handler('print("x" * 3_000_000)', 'return event')));
  const text = 'ä€😀'.repeat(500_000);
  const { value, error } = await functions.invoke(name, { text });
  expect(error).toBeUndefined();
  expect(value.text === text).toBe(true);
});

test('functions end with the engine, also in a busy loop', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-python-end-'));
  const second = await up({ port: 0, dataDir: folder });
  const running = join(folder, 'running');
  const busy = new Functions(second, `python3.${own}`);
  const code = handler(
    'import os',
    `with open(${JSON.stringify(running)}, "w") as file: file.write(str(os.getpid()))`,
    'while True: pass',
  );
  const name = await busy.active(await busy.create(code, { timeout: 60 }));
  const invocation = busy.invoke(name).catch(() => {});
  await expect.poll(() => existsSync(running), { timeout: 10_000 }).toBe(true);
  await expect.poll(() => readFile(running, 'utf8')).not.toBe('');
  const pid = Number(await readFile(running, 'utf8'));
  expect(identify(pid)).toBeDefined();
  process.kill(second.pid, 'SIGKILL');
  await expect.poll(() => identify(pid), { timeout: 10_000 }).toBeUndefined();
  await invocation;
  busy.lambda.destroy();
  await down({ dataDir: folder });
  await rm(folder, { recursive: true, force: true });
});

test('LocalStack logged no error', async () => {
  expect(await readFile(engine.logFile, 'utf8')).not.toMatch(/Traceback|ready_hooks_executor/);
});
