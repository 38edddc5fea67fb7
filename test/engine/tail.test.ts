import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { apply, destroy } from '../../src/apply/pipeline.ts';
import { codeOf } from '../../src/contents/codes.ts';
import { down, up } from '../../src/local/index.ts';
import { cli, startCli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { faultProxy } from '../support/fault-proxy.ts';
import { applied, samplePipeline, uniqueName } from '../support/pipelines.ts';
import { putTogether } from '../support/records.ts';

/** Logs each record, and keeps it in a bucket. */
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

async function loggingPipeline() {
  const sample = samplePipeline(uniqueName('tail'));
  const codes = new Map([[sample.name, codeOf(zipSync({ 'index.mjs': strToU8(SOURCE) }))]]);
  expect((await apply({ ...sample, codes }, { endpoint: endpoint() })).failures).toEqual({});
  return sample.name;
}

test('what a function logs and what arrives in its bucket is told, each once, from then on; Ctrl-C ends it with 0', async () => {
  const name = await loggingPipeline();
  await putTogether(endpoint(), name, ['before']);
  await expect.poll(async () => (await fetch(`${endpoint()}/${name}/before.txt`)).status, within).toBe(200);

  const { said, ended, stop } = startCli(['tail', name, '--content', '--endpoint', endpoint()]);
  try {
    await expect.poll(() => said.stderr, within).toContain(`looking at bucket ${name}, function ${name}`);
    await putTogether(endpoint(), name, ['first', 'second']);
    for (const line of ['got first', 'got second', '+ first.txt (11 bytes)', '+ second.txt (12 bytes)', 'kept second'])
      await expect.poll(() => said.stdout, within).toContain(line);
  } finally {
    stop();
  }
  expect(await ended).toBe(0);
  expect(said.stdout).not.toContain('+ before.txt');
  expect(said.stdout.match(/got first/g)).toHaveLength(1);
  expect(said.stdout.match(/\+ first\.txt/g)).toHaveLength(1);
});

test('a name that is nothing ends with names that are near', async () => {
  const name = await loggingPipeline();
  const { code, stderr } = await cli(['tail', name.replace('tail', 'tale'), '--endpoint', endpoint()]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^ready-hooks: There is no bucket and no function tale\S+ at \S+; did you mean 'tail-.*'\?$/m);
});

test('a bucket that is removed meanwhile ends it with a sentence', async () => {
  const sample = await applied(endpoint(), 'tail-gone');
  const { said, ended, stop } = startCli(['tail', sample.name, '--endpoint', endpoint()]);
  try {
    await expect.poll(() => said.stderr, within).toContain('looking at');
    await destroy(sample, { endpoint: endpoint(), emptyBuckets: true });
    expect(await ended).toBe(1);
  } finally {
    stop();
  }
  expect(said.stderr).toMatch(/^ready-hooks: The bucket \S+ was there and is not any more: bring it up again/m);
});

test('an engine that does not answer for a while is waited for, and nothing put meanwhile is left out', async () => {
  const name = await loggingPipeline();
  const proxy = await faultProxy(endpoint(), ({ pass }) => pass());
  const { said, ended, stop } = startCli(['tail', name, '--content', '--endpoint', proxy.endpoint]);
  try {
    await expect.poll(() => said.stderr, within).toContain('looking at');
    await proxy.refuse(3_000);
    await putTogether(endpoint(), name, ['meanwhile']);
    for (const line of ['got meanwhile', '+ meanwhile.txt', 'kept meanwhile'])
      await expect.poll(() => said.stdout, within).toContain(line);
  } finally {
    stop();
    await proxy.close();
  }
  expect(await ended).toBe(0);
});

test('objects whose content cannot be read at once are told when it can, each once', async () => {
  const name = await loggingPipeline();
  let refusals = 2;
  const proxy = await faultProxy(endpoint(), async ({ incoming, outgoing, pass }) => {
    if (incoming.method !== 'GET' || !incoming.url?.includes('.txt') || refusals-- <= 0) return pass();
    outgoing.writeHead(503).end();
  });
  const { said, ended, stop } = startCli(['tail', name, '--content', '--endpoint', proxy.endpoint]);
  try {
    await expect.poll(() => said.stderr, within).toContain('looking at');
    await putTogether(endpoint(), name, ['one', 'two']);
    for (const line of ['kept one', 'kept two']) await expect.poll(() => said.stdout, within).toContain(line);
  } finally {
    stop();
    await proxy.close();
  }
  expect(await ended).toBe(0);
  expect(refusals).toBeLessThan(0);
  expect(said.stdout.match(/\+ \S+\.txt/g)).toHaveLength(2);
});

test('an engine that is stopped for good: Ctrl-C still ends it with 0', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-tail-'));
  const engine = await up({ port: 0, dataDir });
  const sample = await applied(engine.endpoint, 'tail-down');
  const { said, ended, stop } = startCli(['tail', sample.name, '--endpoint', engine.endpoint]);
  try {
    await expect.poll(() => said.stderr, within).toContain('looking at');
  } finally {
    await down({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
    stop();
  }
  expect(await ended).toBe(0);
});
