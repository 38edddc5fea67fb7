import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { down, up } from '../../src/local/index.ts';
import { startCli } from '../support/cli.ts';
import { uniqueName } from '../support/pipelines.ts';
import { putTogether } from '../support/records.ts';

const within = { timeout: 60_000, interval: 200 };
const HANDLER = `export const handler = async ({ Records }) => {
  for (const { kinesis } of Records) console.log('got', Buffer.from(kinesis.data, 'base64').toString());
};
`;

test.each([
  ['localstack', 'the engine at http://\\S+ was started anew: applying again'],
  ['ministack', 'http://\\S+ answers again, and does not tell whether it was started anew: applying again'],
] as const)(
  '%s stopped and started anew without what it held: each is told in one line, all is applied and looked at again',
  async (engine, back) => {
    const project = await mkdtemp(join(tmpdir(), 'ready-hooks-dev-restart-'));
    const dataDir = join(project, 'data');
    const { endpoint, port } = await up({ port: 0, dataDir, engine });
    const name = uniqueName('dev-restart');
    await mkdir(join(project, 'init/functions'), { recursive: true });
    await writeFile(join(project, 'init/functions/handler.mjs'), HANDLER);
    const mapping = { stream: name, function: name, startingPosition: 'LATEST' };
    const functions = { [name]: { entry: './functions/handler.mjs' } };
    const definition = { buckets: { [name]: {} }, streams: { [name]: {} }, functions, eventSourceMappings: [mapping] };
    await writeFile(join(project, 'init/10-dev.json'), JSON.stringify(definition));

    const { said, ended, stop } = startCli(['dev', '--endpoint', endpoint], { cwd: project });
    const times = (text: string) => [...said.stdout.matchAll(new RegExp(text, 'g'))].length;
    const told = (text: string, count = 1) => expect.poll(() => times(text), within).toBe(count);
    const put = (key: string) => fetch(`${endpoint}/${name}/${key}`, { method: 'PUT', body: key });
    try {
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
          await put(`back-${count++}`);
          return said.stdout;
        }, within)
        .toContain('+ back-');
      expect(said.stdout.match(/^ready-hooks: (?!10-dev).*$/gm)).toHaveLength(2);
    } catch (error) {
      throw new Error(said.stdout + said.stderr, { cause: error });
    } finally {
      stop();
      await down({ dataDir });
      await rm(project, { recursive: true, force: true });
    }
    expect(await ended).toBe(0);
    expect(said.stderr).toBe('');
  },
  240_000,
);
