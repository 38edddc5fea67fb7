import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { apply } from '../../src/apply/pipeline.ts';
import { codeOf } from '../../src/code.ts';
import { cli, startCli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';
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
