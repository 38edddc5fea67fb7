import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli } from '../../support/cli.ts';
import { sharedFolder } from '../../support/folder.ts';

// A fake engine that must never receive a request for an invalid definition.
const requests: string[] = [];
const server = createServer((request, response) => {
  requests.push(`${request.method} ${request.url}`);
  response.writeHead(404).end('not found');
});
const folder = sharedFolder({
  'good.js': 'export const handler = async () => {};\n',
  'broken.ts': 'export const handler = async ( => {};\n',
  'other.ts': 'export const main = async () => {};\n',
});
let endpoint: string;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const mapping = (changes: object) => ({
  streams: { s: {} },
  functions: { f: { entry: './good.js' } },
  eventSourceMappings: [{ stream: 's', function: 'f', startingPosition: 'LATEST', ...changes }],
});

test.concurrent.each<[string, unknown, RegExp]>([
  [
    'unknown-key',
    { streams: { s: { shards: 1 } } },
    /streams\.s\.shards is not a setting; the settings are .*shardCount/,
  ],
  ['mistyped-reference', mapping({ stream: 'ss' }), /eventSourceMappings\[0\]\.stream is 'ss'.*'s'/],
  ['batch-size-0', mapping({ batchSize: 0 }), /eventSourceMappings\[0\]\.batchSize is 0, but must be .*1 to 10\D?000/],
  ['batch-size-10001', mapping({ batchSize: 10_001 }), /batchSize is 10001, but must be .*1 to 10\D?000/],
  ['shard-count-0', { streams: { s: { shardCount: 0 } } }, /streams\.s\.shardCount is 0, but must be/],
  ['bucket-upper-case', { buckets: { Events: {} } }, /buckets\.Events/],
  ['bucket-dot-at-end', { buckets: { 'events.': {} } }, /buckets\[?.*events\./],
  ['bucket-two-letters', { buckets: { ab: {} } }, /buckets\.ab/],
  ['missing-entry', { functions: { f: { entry: './nothing.ts' } } }, /nothing\.ts/],
  ['entry-syntax', { functions: { f: { entry: './broken.ts' } } }, /broken\.ts:1:3\d/],
  ['handler-not-exported', { functions: { f: { entry: './other.ts' } } }, /handler.*main/s],
  [
    'variable-not-set',
    { functions: { f: { entry: './good.js', environment: { KEY: `\${NOT_SET}` } } } },
    /functions\.f\.environment\.KEY needs NOT_SET, which is not set/,
  ],
])('%s', async (name, definition, message) => {
  const file = join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify(definition));
  const { code, stderr, stdout } = await cli(['apply', file, '--endpoint', endpoint]);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect({ code, stdout, requests }).toEqual({ code: 1, stdout: '', requests: [] });
});

test.concurrent.each<[string, string, RegExp]>([
  ['malformed.json', '{\n  "streams": {,}\n}', /malformed\.json.*(2:15|line 2,? column 1\d)/],
  ['throws.ts', 'throw new Error("no such thing");', /throws\.ts.*no such thing \(at .*throws\.ts:1:7\)/s],
  ['my prôject/throws.ts', '\nthrow new Error("no such thing");', /no such thing \(at .*my prôject\/throws\.ts:2:7\)/s],
  ['nothing.ts', 'export const x = 1;', /nothing\.ts.*default/s],
  ['function.ts', 'export default () => ({});', /function\.ts.*function/s],
])('%s', async (name, text, message) => {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  const { code, stderr } = await cli(['apply', file, '--endpoint', endpoint]);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^ready-hooks: (?!this is a bug)/);
  expect({ code, requests }).toEqual({ code: 1, requests: [] });
});

describe('an output file', () => {
  beforeAll(async () => {
    await mkdir(join(folder, 'folder.env'));
    await writeFile(join(folder, 'alone.json'), JSON.stringify({ streams: { s: {} } }));
  });

  test.concurrent.each<[string, string[], RegExp]>([
    ['inside a file', ['--outputs', 'good.js/out.json'], /Cannot write good\.js\/out\.json: its folder/],
    ['that is a folder', ['--outputs', 'folder.env'], /Cannot write folder\.env: it is a folder/],
    ['a timeline inside a file', ['--timeline', 'good.js/t.svg'], /Cannot write good\.js\/t\.svg: its folder/],
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await cli(['apply', 'alone.json', ...args], {
      cwd: folder,
      env: { AWS_ENDPOINT_URL: endpoint },
    });
    expect(stderr).toMatch(message);
    expect({ code, requests }).toEqual({ code: 1, requests: [] });
  });
});

describe('two definitions', () => {
  const both = ['10-a.json', '20-b.json'];
  beforeAll(async () => {
    for (const file of both) await writeFile(join(folder, file), JSON.stringify({ streams: { shared: {} } }));
  });

  test.concurrent.each<[string, string[], RegExp]>([
    ['that declare the same stream: build', ['build', ...both, '--out', 'out'], /shared.*10-a\.json.*20-b\.json/s],
    ['that declare the same stream: apply', ['apply', ...both], /shared.*10-a\.json.*20-b\.json/s],
    [
      'with one outputs file',
      ['apply', ...both, '--outputs', '.env'],
      /exactly one definition, got 2: 10-a\.json, 20-b\.json\. Name one\.$/m,
    ],
    ['with one timeline file', ['apply', ...both, '--timeline', 't.svg'], /exactly one definition, got 2: 10-a\.json/],
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await cli(args, { cwd: folder, env: { AWS_ENDPOINT_URL: endpoint } });
    expect(stderr).toMatch(message);
    expect({ code, requests }).toEqual({ code: 1, requests: [] });
  });
});

describe('endpoint', () => {
  test.concurrent.each<[string, string, RegExp]>([
    ['AWS itself', 'https://kinesis.us-east-1.amazonaws.com', /is AWS itself/],
    ['no engine', 'http://127.0.0.1:59998', /Nothing answers at http:\/\/127\.0\.0\.1:59998 \(ECONNREFUSED\)/],
  ])('%s', async (_, given, message) => {
    const file = join(folder, 'fine.json');
    await writeFile(file, '{"streams":{"s":{}}}');
    const { code, stderr } = await cli(['apply', file, '--endpoint', given]);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });

  test('a server that is not LocalStack', async () => {
    const other = createServer((_, response) => response.end('hello'));
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const file = join(folder, 'elsewhere.json');
    await writeFile(file, '{"streams":{"s":{}}}');
    const { code, stderr } = await cli([
      'apply',
      file,
      '--endpoint',
      `http://127.0.0.1:${(other.address() as AddressInfo).port}`,
    ]);
    other.close();
    expect(stderr).toMatch(/is not LocalStack/);
    expect(code).toBe(1);
  });
});

describe('usage', () => {
  test('control characters are escaped: in names, messages and unknown options', async () => {
    const outputs = [];
    for (const args of [['plan', 'a\u001b[2J.json'], ['plan', '--\u202ea'], ['\u001b[2J']])
      outputs.push(await cli(args));
    const text = outputs.map(({ stdout, stderr }) => stdout + stderr).join('');
    expect(text).toMatch(/a\\u001b\[2J\.json cannot be used/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be printed
    expect(text).not.toMatch(/[\u001b\u202e]/);
  });

  test('aply exits with code 2', async () => {
    const { code, stderr } = await cli(['aply']);
    expect(stderr).toMatch(/unknown command 'aply'\n\(Did you mean apply\?\)/);
    expect(code).toBe(2);
  });

  test('--version exits with code 0', async () => {
    const { code, stdout } = await cli(['--version']);
    expect(stdout.length).toBeGreaterThan(4);
    expect(code).toBe(0);
  });
});
