import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pipelineStatus } from '../../src/library.ts';
import { cliCommand } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { applied, uniqueName } from '../support/pipelines.ts';
import { putTogether } from '../support/records.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-pipe-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The first line, and the exit code of a command whose other lines are not read. */
async function firstLine(...args: string[]) {
  const shell = `"$@" | head -n 1; exit "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', shell, 'bash', ...cliCommand(args)]);
  return { stdout, stderr };
}

test('apply finishes after its output is closed', async () => {
  const name = uniqueName('pipe');
  const file = join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify({ buckets: { [name]: {} }, streams: { [name]: {}, [`${name}-2`]: {} } }));
  for (const json of [[], ['--json']]) {
    const { stdout, stderr } = await firstLine('apply', file, '--endpoint', endpoint(), ...json);
    expect(stdout).toContain(name);
    expect(stderr).toBe('');
    expect(await pipelineStatus(file, { endpoint: endpoint() })).toMatchObject({
      pipelines: [{ resources: Array(3).fill({ state: 'ready' }) }],
    });
  }
});

test('tail ends when its output is closed', async () => {
  const { name } = await applied(endpoint(), 'pipe-tail');
  const ended = firstLine('tail', name, '--since', '10m', '--endpoint', endpoint());
  const sending = setInterval(() => void putTogether(endpoint(), name, ['one', 'two']).catch(() => {}), 500);
  try {
    const { stdout, stderr } = await ended;
    expect(stdout).toContain(name);
    expect(stderr).not.toMatch(/EPIPE|bug/);
  } finally {
    clearInterval(sending);
  }
});
