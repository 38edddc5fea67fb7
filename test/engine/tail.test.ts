import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { down, up } from '../../src/local/index.ts';
import { apply, destroy } from '../../src/runtime/apply/apply.ts';
import { codeOf } from '../../src/runtime/contents/function-code.ts';
import { cli, startCli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { faultProxy } from '../support/fault-proxy.ts';
import { applied, samplePipeline, uniqueName } from '../support/pipelines.ts';
import { putTogether } from '../support/records.ts';

/** Logs each record, and stores it in a bucket. */
const SOURCE = `
export const handler = async ({ Records }) => {
  for (const { kinesis } of Records) {
    const text = Buffer.from(kinesis.data, 'base64').toString();
    console.log('got', text);
    await fetch([process.env.AWS_ENDPOINT_URL, process.env.BUCKET, text + '.txt'].join('/'), { method: 'PUT', body: 'kept ' + text + '\\n' });
  }
};
`;

const within = { timeout: 30_000, interval: 200 };

/** S3's times are whole seconds: later objects get a different time than earlier ones. */
async function nextSecond() {
  const second = Math.floor(Date.now() / 1_000);
  await expect.poll(() => Math.floor(Date.now() / 1_000), within).toBeGreaterThan(second);
}

async function loggingPipeline() {
  const sample = samplePipeline(uniqueName('tail'));
  const codes = new Map([[sample.name, codeOf(zipSync({ 'index.mjs': strToU8(SOURCE) }))]]);
  expect((await apply({ ...sample, codes }, { endpoint: endpoint() })).failures).toEqual({});
  return sample.name;
}

test('shows new log lines and objects, each once; Ctrl-C ends it with 130', async () => {
  const name = await loggingPipeline();
  await putTogether(endpoint(), name, ['before']);
  await expect.poll(async () => (await fetch(`${endpoint()}/${name}/before.txt`)).status, within).toBe(200);

  const { said, ended, stop } = startCli(['tail', name, '--content', '--endpoint', endpoint()]);
  try {
    await expect.poll(() => said.stderr, within).toContain(`following bucket ${name}, function ${name}`);
    await putTogether(endpoint(), name, ['first', 'second']);
    for (const line of ['got first', 'got second', '+ first.txt (11 bytes)', '+ second.txt (12 bytes)', 'kept second'])
      await expect.poll(() => said.stdout, within).toContain(line);
  } finally {
    stop();
  }
  expect(await ended).toBe(130);
  expect(said.stdout).not.toContain('+ before.txt');
  expect(said.stdout.match(/got first/g)).toHaveLength(1);
  expect(said.stdout.match(/\+ first\.txt/g)).toHaveLength(1);
});

test('--since shows earlier entries, oldest first, each once, and then new ones', async () => {
  const name = await loggingPipeline();
  const there = async (key: string) => (await fetch(`${endpoint()}/${name}/${key}`)).status;
  await putTogether(endpoint(), name, ['long-ago']);
  await expect.poll(() => there('long-ago.txt'), within).toBe(200);
  await nextSecond();
  const since = new Date().toISOString();
  for (const event of ['earlier', 'later']) {
    await putTogether(endpoint(), name, [event]);
    await expect.poll(() => there(`${event}.txt`), within).toBe(200);
    await nextSecond();
  }

  const { said, ended, stop } = startCli(['tail', name, '--since', since, '--json', '--endpoint', endpoint()]);
  const entries = () =>
    said.stdout
      .split('\n')
      .filter((line) => line.includes('got ') || line.includes('"type":"object"'))
      .map((line) => JSON.parse(line));
  const names = () => entries().map(({ type, text, key }) => `${type} ${key ?? /got (\S+)/.exec(text)?.[1]}`);
  try {
    await expect.poll(names, within).toHaveLength(4);
    await putTogether(endpoint(), name, ['now']);
    await expect.poll(names, within).toHaveLength(6);
  } catch (error) {
    throw new Error(said.stdout + said.stderr, { cause: error });
  } finally {
    stop();
  }
  expect(await ended).toBe(130);
  expect(names().slice(0, 2).sort()).toEqual(['log earlier', 'object earlier.txt']);
  expect(names().slice(2, 4).sort()).toEqual(['log later', 'object later.txt']);
  expect(names().slice(4).sort()).toEqual(['log now', 'object now.txt']);
});

test('an invalid --since is rejected with the expected format', async () => {
  const { code, stderr } = await cli(['tail', 'any', '--since', '10x', '--endpoint', endpoint()]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: option '--since <time>' argument '10x' is invalid\. expected a duration such as 30s/);
});

test('an unknown name ends with similar names', async () => {
  const name = await loggingPipeline();
  const { code, stderr } = await cli(['tail', name.replace('tail', 'tale'), '--endpoint', endpoint()]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^ready-hooks: No bucket, function or stream 'tale\S+' found in us-east-1 at \S+; did you mean 'tail-.*'\?$/m,
  );
});

test('a bucket that is deleted meanwhile ends it with an error', async () => {
  const sample = await applied(endpoint(), 'tail-gone');
  const { said, ended, stop } = startCli(['tail', sample.name, '--endpoint', endpoint()]);
  try {
    await expect.poll(() => said.stderr, within).toContain('following');
    await destroy(sample, { endpoint: endpoint(), emptyBuckets: true });
    expect(await ended).toBe(1);
  } finally {
    stop();
  }
  expect(said.stderr).toMatch(/^ready-hooks: The bucket \S+ was deleted\. Re-create it/m);
});

test('waits for an engine that does not answer for a while, and then misses nothing', async () => {
  const name = await loggingPipeline();
  const proxy = await faultProxy(endpoint(), ({ pass }) => pass());
  const { said, ended, stop } = startCli(['tail', name, '--content', '--endpoint', proxy.endpoint]);
  try {
    await expect.poll(() => said.stderr, within).toContain('following');
    await proxy.interrupt(3_000);
    await putTogether(endpoint(), name, ['meanwhile']);
    for (const line of ['got meanwhile', '+ meanwhile.txt', 'kept meanwhile'])
      await expect.poll(() => said.stdout, within).toContain(line);
  } finally {
    stop();
    await proxy.close();
  }
  expect(await ended).toBe(130);
});

test('objects whose content cannot be read at once are shown later, each once', async () => {
  const name = await loggingPipeline();
  let failures = 2;
  const proxy = await faultProxy(endpoint(), async ({ incoming, outgoing, pass }) => {
    if (incoming.method !== 'GET' || !incoming.url?.includes('.txt') || failures-- <= 0) return pass();
    outgoing.writeHead(503).end();
  });
  const { said, ended, stop } = startCli(['tail', name, '--content', '--endpoint', proxy.endpoint]);
  try {
    await expect.poll(() => said.stderr, within).toContain('following');
    await putTogether(endpoint(), name, ['one', 'two']);
    for (const line of ['kept one', 'kept two']) await expect.poll(() => said.stdout, within).toContain(line);
  } finally {
    stop();
    await proxy.close();
  }
  expect(await ended).toBe(130);
  expect(failures).toBeLessThan(0);
  expect(said.stdout.match(/\+ \S+\.txt/g)).toHaveLength(2);
});

test('Ctrl-C ends it with 130 even if the engine was stopped', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-tail-'));
  const engine = await up({ port: 0, dataDir });
  const sample = await applied(engine.endpoint, 'tail-down');
  const { said, ended, stop } = startCli(['tail', sample.name, '--endpoint', engine.endpoint]);
  try {
    await expect.poll(() => said.stderr, within).toContain('following');
  } finally {
    await down({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
    stop();
  }
  expect(await ended).toBe(130);
});

test('an error of an entry has the positions of its TypeScript, without Lambda’s frame around each call', async () => {
  const name = uniqueName('tail-stack');
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-stack-'));
  const definition = join(folder, '10-stack.json');
  const mapping = { stream: name, function: name, startingPosition: 'LATEST', maximumRetryAttempts: 0 };
  const declared = {
    streams: { [name]: {} },
    functions: { [name]: { entry: './f.ts' } },
    eventSourceMappings: [mapping],
  };
  await writeFile(definition, JSON.stringify(declared));
  await writeFile(
    join(folder, 'f.ts'),
    `type T = string;\n\nexport async function handler(): Promise<T> {\n  throw new Error('no id');\n}\n`,
  );
  const applied = await cli(['apply', definition, '--endpoint', endpoint()]);
  expect(applied.stdout).toContain('10-stack is ready');
  const { said, ended, stop } = startCli(['tail', `function:${name}`, '--endpoint', endpoint()]);
  try {
    await expect.poll(() => said.stderr, within).toContain(`following function ${name}`);
    await putTogether(endpoint(), name, ['x']);
    await expect.poll(() => said.stdout, within).toMatch(/ {2}took [\d.]+ ms, \d+ of \d+ MB\n/);
  } finally {
    stop();
  }
  expect(await ended).toBe(130);
  expect(said.stdout).toMatch(/ {2}ERROR Invoke Error: Error: no id\n\S+ {6}at .*handler \(f\.ts:4:9\)\n/);
  expect(said.stdout).not.toMatch(/START|END|REPORT|NodeVersionSupportWarning/);
  await cli(['destroy', definition, '--endpoint', endpoint()]);
  await rm(folder, { recursive: true });
});
