import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { down, up } from '../../src/local/index.ts';
import { startCli } from '../support/cli.ts';
import { uniqueName } from '../support/pipelines.ts';
import { putTogether } from '../support/records.ts';

const within = { timeout: 60_000, interval: 200 };
const HANDLER = `export const handler = async ({ Records }) => {
  for (const { kinesis } of Records) console.log('got', Buffer.from(kinesis.data, 'base64').toString());
};
`;

let project: string;
let dataDir: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'ready-hooks-dev-restart-'));
  dataDir = join(project, 'data');
  await mkdir(join(project, 'init/functions'), { recursive: true });
  await writeFile(join(project, 'init/functions/handler.mjs'), HANDLER);
});
afterEach(async () => {
  await down({ dataDir });
  await rm(project, { recursive: true, force: true });
});

const define = (definition: object) => writeFile(join(project, 'init/10-dev.json'), JSON.stringify(definition));

/** Runs `dev` until `body` has ended; returns its output. */
async function dev(
  endpoint: string,
  body: (printed: (text: string, count?: number) => Promise<void>, times: (text: string) => number) => Promise<void>,
) {
  const { said, ended, stop } = startCli(['dev', '--endpoint', endpoint], { cwd: project });
  const times = (text: string) => [...said.stdout.matchAll(new RegExp(text, 'g'))].length;
  try {
    await body((text, count = 1) => expect.poll(() => times(text), within).toBeGreaterThanOrEqual(count), times);
  } catch (error) {
    throw new Error(said.stdout + said.stderr, { cause: error });
  } finally {
    stop();
  }
  expect(await ended).toBe(130);
  expect(said.stderr).toBe('');
  return said.stdout;
}

test.each([
  ['localstack', 'the engine at http://\\S+ restarted; applying again'],
  ['ministack', 'http://\\S+ answers again, but does not report whether it restarted; applying again'],
] as const)(
  '%s stopped and restarted empty: dev reports each in one line, applies everything and watches it again',
  async (engine, back) => {
    const { endpoint, port } = await up({ port: 0, dataDir, engine });
    const name = uniqueName('dev-restart');
    await define({
      buckets: { [name]: {} },
      streams: { [name]: {} },
      functions: { [name]: { entry: './functions/handler.mjs' } },
      eventSourceMappings: [{ stream: name, function: name, startingPosition: 'LATEST' }],
    });
    const said = await dev(endpoint, async (printed, times) => {
      await printed('10-dev is ready in .*: 4 created');
      await putTogether(endpoint, name, ['before']);
      await printed('got before');
      await down({ dataDir });
      await printed('waiting for http://\\S+ to answer');
      await up({ port, dataDir, engine });
      await printed(back);
      await printed('10-dev is ready in .*: 4 created', 2);
      await putTogether(endpoint, name, ['after']);
      await printed('got after');
      // Objects from before dev watches the bucket are not shown, and it does not say when it starts, so put until one is.
      let count = 0;
      await expect
        .poll(async () => {
          await fetch(`${endpoint}/${name}/back-${count++}`, { method: 'PUT', body: 'text' });
          return times('\\+ back-');
        }, within)
        .toBeGreaterThan(0);
    });
    expect(said.match(/^ready-hooks: (?!10-dev|watching).*$/gm)).toHaveLength(2);
  },
  240_000,
);

test('the engine restarts while a run waits: that run is stopped, and everything is applied again', async () => {
  const { endpoint, port } = await up({ port: 0, dataDir });
  const [bucket, stream] = [uniqueName('dev-restart'), uniqueName('dev-never')];
  const wait = { timeoutMs: 600_000 };
  await define({ buckets: { [bucket]: {} }, streams: { [stream]: { existing: true, wait } } });
  await dev(endpoint, async (printed) => {
    await printed(`bucket ${bucket}: ready \\(created\\)`);
    await printed(`stream ${stream}: waiting`);
    await down({ dataDir });
    await up({ port, dataDir });
    await printed('restarted; applying again');
    await printed(`bucket ${bucket}: ready \\(created\\)`, 2);
  });
}, 240_000);
