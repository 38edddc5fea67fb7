import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { bundleFunctions } from '../../../src/build/pack/functions.ts';
import { parsePipeline } from '../../../src/runtime/definition/check.ts';
import { PROBE_KEY } from '../../../src/runtime/resources/mapping/marks.ts';
import { folderWith, rejection } from '../../support/folder.ts';

/** Packs a function with a mapping, with its code in a folder with these files. */
function pack(files: Record<string, string>, declared: Record<string, string | boolean>, verifyDelivery = true) {
  const folder = folderWith(files);
  const code = Object.entries(declared).map(([key, value]) =>
    ['entry', 'directory', 'zip'].includes(key) ? [key, join(folder, String(value))] : [key, value],
  );
  const pipeline = parsePipeline(
    {
      streams: { s: {} },
      functions: { f: Object.fromEntries(code) },
      eventSourceMappings: [{ stream: 's', function: 'f', startingPosition: 'LATEST', verifyDelivery }],
    },
    'test',
  );
  return bundleFunctions({ name: '10-a', file: join(folder, '10-a.ts'), pipeline });
}

const bundleOf = ({ zips }: Awaited<ReturnType<typeof pack>>) =>
  Buffer.from(unzipSync(zips.get('f.zip') ?? Buffer.of())['index.mjs'] ?? []).toString();

/** The records that a bundle's handler receives, given a batch of a probe and a record. */
function recordsSeen(bundle: string, handler = 'handler'): unknown {
  const probe = { readyHooksProbe: { bucket: 'ready-hooks-probe-0', id: 'u' } };
  return answerOf(bundle, handler, {
    Records: [
      { kinesis: { partitionKey: PROBE_KEY, data: btoa(JSON.stringify(probe)) } },
      { kinesis: { partitionKey: 'p', data: 'record' } },
    ],
  });
}

/** The answer of a bundle's handler. */
function answerOf(bundle: string, handler: string, event: object): unknown {
  const file = join(folderWith({ 'index.mjs': bundle }), 'index.mjs');
  const code = `const m = await import(${JSON.stringify(file)}); console.log(JSON.stringify(await m.${handler}(${JSON.stringify(event)})));`;
  const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8', env }));
}

const DATA = 'async ({ Records }) => Records.map(({ kinesis }) => kinesis.data)';

test('the handler of an entry never sees the call that checks its start', async () => {
  const packed = await pack(
    { 'f.mjs': 'export const handler = () => { throw new Error(); };' },
    { entry: 'f.mjs' },
    false,
  );
  const event = { readyHooksStart: true, Records: [] };
  expect(answerOf(bundleOf(packed), 'handler', event)).toEqual({ batchItemFailures: [] });
});

test('acknowledges a probe, even if the function replaced fetch and there is a proxy', async () => {
  const seen: string[] = [];
  const engine = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.end();
  });
  await once(engine.listen(0, '127.0.0.1'), 'listening');
  const source = `globalThis.fetch = () => { throw new Error('replaced'); }; export const handler = ${DATA};`;
  const file = join(
    folderWith({ 'index.mjs': bundleOf(await pack({ 'f.mjs': source }, { entry: 'f.mjs' })) }),
    'index.mjs',
  );
  const data = btoa(JSON.stringify({ readyHooksProbe: { bucket: 'ready-hooks-probe-0', id: 'u' } }));
  const event = { Records: [{ kinesis: { partitionKey: PROBE_KEY, data } }] };
  const code = `await (await import(${JSON.stringify(file)})).handler(${JSON.stringify(event)})`;
  const env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(engine.address() as AddressInfo).port}`,
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: 'http://127.0.0.1:1',
  };
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { env });
  engine.close();
  expect(seen).toEqual(['PUT /ready-hooks-probe-0/u']);
});

describe('a function of a mapping with verifyDelivery', () => {
  test.each([
    ['ES module', 'f.mjs', `export const handler = ${DATA};`, 'index.handler'],
    ['CommonJS', 'f.cjs', `exports.handler = ${DATA};`, 'index.handler'],
    ['a handler inside an export', 'f.mjs', `export const api = { get: ${DATA} };`, 'index.api.get'],
  ])('does not see probes: %s', async (_, file, source, handler) => {
    const packed = await pack({ [file]: source }, { entry: file, handler });
    expect(recordsSeen(bundleOf(packed), handler.replace('index.', ''))).toEqual(['record']);
    expect(packed.warnings).toEqual([]);
    expect(packed.notes).toEqual([
      expect.stringMatching(/^Function f \(10-a\.ts\): added \d+ bytes around its handler to answer the hook's checks/),
    ]);
  });

  test('is at most 8 KB larger, keeps its other exports, and contains no local path', async () => {
    const files = { 'f.mjs': `export const handler = ${DATA}; export const other = 1;` };
    const [plain, wrapped, again] = await Promise.all(
      [false, true, true].map(async (verify) =>
        bundleOf(await pack(files, { entry: 'f.mjs', verifyStart: false }, verify)),
      ),
    );
    expect(plain).not.toContain(PROBE_KEY);
    expect(Number(wrapped?.length) - Number(plain?.length)).toBeLessThan(8_000);
    expect(wrapped).toMatch(/export \{[^}]*other/);
    expect(again).toBe(wrapped);
    expect(wrapped).not.toContain(process.cwd());
  });

  test('must still export its handler', async () => {
    expect(await rejection(pack({ 'f.mjs': 'export const other = 1;' }, { entry: 'f.mjs' }))).toContain(
      'exports other',
    );
    expect(await rejection(pack({ 'f.cjs': 'exports.other = 1;' }, { entry: 'f.cjs' }))).toContain(
      'does not export it',
    );
  });

  test.each([
    [{ directory: 'd' }, 'replace its directory with an entry, or remove verifyDelivery'],
    [{ zip: 'd.zip' }, 'replace its zip with an entry, or remove verifyDelivery'],
    [{ directory: 'd', runtime: 'python3.13' }, 'which only a function with an entry can do: remove verifyDelivery.'],
  ])('is rejected if its code cannot answer probes: %o', async (declared, message) => {
    const files = { 'd/index.js': `exports.handler = ${DATA};` };
    expect(await rejection(pack(files, declared as Record<string, string>))).toContain(message);
  });
});
