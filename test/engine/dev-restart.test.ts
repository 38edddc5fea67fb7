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

/** Runs `dev` until `body` has ended, and gives what it has said. */
async function dev(
  endpoint: string,
  body: (told: (text: string, count?: number) => Promise<void>, times: (text: string) => number) => Promise<void>,
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
  expect(await ended).toBe(0);
  expect(said.stderr).toBe('');
  return said.stdout;
}

test.each([
  ['localstack', 'the engine at http://\\S+ restarted; applying again'],
  ['ministack', 'http://\\S+ answers again, but does not report whether it restarted; applying again'],
] as const)(
  '%s stopped and started anew without what it held: each is told in one line, all is applied and looked at again',
  async (engine, back) => {
    const { endpoint, port } = await up({ port: 0, dataDir, engine });
    const name = uniqueName('dev-restart');
    await define({
      buckets: { [name]: {} },
      streams: { [name]: {} },
      functions: { [name]: { entry: './functions/handler.mjs' } },
      eventSourceMappings: [{ stream: name, function: name, startingPosition: 'LATEST' }],
    });
    const said = await dev(endpoint, async (told, times) => {
      await told('10-dev is ready in .*: 4 created');
      await putTogether(endpoint, name, ['before']);
      await told('got before');
      await down({ dataDir });
      await told('waiting for http://\\S+ to answer');
      await up({ port, dataDir, engine });
      await told(back);
      await told('10-dev is ready in .*: 4 created', 2);
      await putTogether(endpoint, name, ['after']);
      await told('got after');
      // What is there when the look begins is not told, and when it begins is not either.
      let count = 0;
      await expect
        .poll(async () => {
          await fetch(`${endpoint}/${name}/back-${count++}`, { method: 'PUT', body: 'text' });
          return times('\\+ back-');
        }, within)
        .toBeGreaterThan(0);
    });
    expect(said.match(/^ready-hooks: (?!10-dev).*$/gm)).toHaveLength(2);
  },
  240_000,
);

test('an engine started anew while a run waits: that run is ended, and all is applied again', async () => {
  const { endpoint, port } = await up({ port: 0, dataDir });
  const [bucket, stream] = [uniqueName('dev-restart'), uniqueName('dev-never')];
  const wait = { timeoutMs: 600_000 };
  await define({ buckets: { [bucket]: {} }, streams: { [stream]: { existing: true, wait } } });
  await dev(endpoint, async (told) => {
    await told(`bucket ${bucket}: ready \\(created\\)`);
    await told(`stream ${stream}: waiting`);
    await down({ dataDir });
    await up({ port, dataDir });
    await told('restarted; applying again');
    await told(`bucket ${bucket}: ready \\(created\\)`, 2);
  });
}, 240_000);
