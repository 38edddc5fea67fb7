import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { down, up } from '../../src/local/index.ts';
import { installLocalStack } from '../../src/local/localstack/install.ts';
import { preparedFolder, prepareLocalStack } from '../../src/local/localstack/prepare.ts';
import type { Release } from '../../src/local/localstack/releases.ts';
import { select } from '../../src/local/localstack/select.ts';
import { AbortedError } from '../../src/runtime/errors.ts';

let folder: string;
let release: Release;
let installed: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ready-hooks-prepare-'));
  const selected = await select(undefined, {});
  release = selected.release;
  installed = await installLocalStack(selected, {});
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The installed LocalStack, not yet prepared. */
function unprepared(name: string): string {
  const venv = join(folder, name);
  mkdirSync(venv);
  for (const part of ['bin', 'lib', 'pyvenv.cfg']) symlinkSync(join(installed, part), join(venv, part));
  return venv;
}

const CACHE = 'root/var/lib/localstack/cache';
const PLUGINS = 'home/.cache/plux';
const catalogIn = (root: string) =>
  readdirSync(join(root, CACHE)).filter((name) => /^service-catalog-.*\.(dill|pickle)$/.test(name));

test('LocalStack is prepared once, however many starts ask for it', async () => {
  const venv = unprepared('at-once');
  const messages: string[] = [];
  const prepare = () => prepareLocalStack(venv, release, { onProgress: (message) => messages.push(message) });
  const [prepared = '', ...others] = await Promise.all([prepare(), prepare(), prepare()]);
  expect(others).toEqual([prepared, prepared]);
  expect(messages.filter((message) => message.startsWith(`preparing LocalStack ${release.version}`))).toHaveLength(1);
  expect(catalogIn(prepared)).toHaveLength(1);
  expect(readdirSync(join(prepared, PLUGINS))).toHaveLength(1);
  expect(readdirSync(join(prepared, 'models')).length).toBeGreaterThan(10);
  expect(existsSync(join(prepared, 'python-sdk/boto3/__init__.py'))).toBe(true);
  expect(readdirSync(venv).filter((name) => name.endsWith('.lock'))).toEqual([]);
});

test('an aborted or killed preparation is done again', async () => {
  const venv = unprepared('interrupted');
  const stop = new AbortController();
  const stopped = prepareLocalStack(venv, release, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(stopped).rejects.toThrow(AbortedError);
  const target = preparedFolder(venv, release.version);
  expect(existsSync(target)).toBe(false);

  mkdirSync(join(target, CACHE), { recursive: true });
  writeFileSync(join(target, CACHE, 'service-catalog-half.dill'), 'half');
  expect(await prepareLocalStack(venv, release, {})).toBe(target);
  expect(catalogIn(target)).toHaveLength(1);
  expect(catalogIn(target)).not.toContain('service-catalog-half.dill');
});

test('an engine starts with the prepared files, and accepts concurrent first calls to Kinesis', async () => {
  const dataDir = join(folder, 'engine');
  const before = Date.now();
  const { endpoint, version } = await up({ port: 0, dataDir });
  try {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const kinesis = new KinesisClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => kinesis.send(new ListStreamsCommand({}))));
    expect(answers.map((answer) => answer.StreamNames)).toEqual(Array(8).fill([]));

    const state = join(dataDir, '.ready-hooks');
    const prepared = preparedFolder(installed, version);
    expect(catalogIn(state)).toEqual(catalogIn(prepared));
    expect(readdirSync(join(state, PLUGINS))).toEqual(readdirSync(join(prepared, PLUGINS)));
    // Nothing that engines share has been written to.
    for (const name of [CACHE, PLUGINS, 'models', 'executor', 'python-sdk'])
      expect(statSync(join(prepared, name)).mtimeMs).toBeLessThan(before);
  } finally {
    await down({ dataDir });
  }
});
