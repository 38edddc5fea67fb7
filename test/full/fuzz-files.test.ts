import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteStreamCommand, KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoint } from '../support/engine.ts';
import { type Ended, expectSound, fuzzing, runCli, WITHOUT_ENGINES } from '../support/fuzz.ts';

/** The kinds of file, each made at a path; some only as root, who can read and write everything else. */
const KINDS: Record<string, (path: string) => void> = {
  'a pipe': (path) => execFileSync('mkfifo', [path]),
  'a socket': (path) => void createServer().listen(path).unref(),
  'a folder': (path) => mkdirSync(path),
  'a folder with files': (path) => cpSync(import.meta.dirname, path, { recursive: true }),
  'an endless device': (path) => symlinkSync('/dev/zero', path),
  'a full device': (path) => symlinkSync('/dev/full', path),
  'an empty file': (path) => writeFileSync(path, ''),
  'binary data': (path) =>
    writeFileSync(path, Buffer.from(Array.from({ length: 5_000 }, (_, n) => (n * n * 31) % 256))),
  '3 GB': (path) => sized(path, 3 * 2 ** 30),
  'one line of 600 MB': (path) => sized(path, 600 * 2 ** 20),
  'a broken link': (path) => symlinkSync('/none', path),
  'a link to itself': (path) => symlinkSync(path, path),
  'a path below a file': (path) => writeFileSync(path.replace(/\/[^/]*$/, ''), ''),
  'a long name': () => {},
  'a missing file': () => {},
  'a kernel file': (path) => symlinkSync('/proc/self/mem', path),
  'a read-only folder': (path) => readOnly(path),
  'a file in a read-only folder': (path) => {
    const folder = path.replace(/\/[^/]*$/, '');
    mkdirSync(folder);
    writeFileSync(path, '{"streams":{"s":{"shardCount":0}}}');
    readOnly(folder);
  },
};

function sized(path: string, bytes: number): void {
  writeFileSync(path, '"');
  truncateSync(path, bytes);
  appendFileSync(path, '"');
}

const mounts: string[] = [];

/** Not even root can write to a read-only mount. */
function readOnly(folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['--bind', folder, folder]);
  mounts.push(folder);
  execFileSync('mount', ['-o', 'remount,bind,ro', folder]);
}

const pathOf = (kind: string, folder: string, extension: string) =>
  join(
    folder,
    kind === 'a long name'
      ? `${'x'.repeat(300)}${extension}`
      : kind.includes(' below ') || kind.includes(' in a ')
        ? `parent/x${extension}`
        : `x${extension}`,
  );

type Place = (path: string) => { args: string[]; env?: Record<string, string>; definition?: object };
const DEFINITION = 'mine.json';
const named =
  (...args: string[]): Place =>
  (path) => ({ args: [...args, path] });
const declared =
  (definition: (path: string) => object): Place =>
  (path) => ({ args: ['build', DEFINITION, '--out', 'out'], definition: definition(path) });
const applied =
  (definition: (path: string) => object): Place =>
  (path) => ({ args: ['apply', DEFINITION], definition: definition(path) });
const fn = (code: object) => ({ functions: { f: { ...code } } });

/** Every place where a path is given, with its file's extension. */
const PLACES: Record<string, [extension: string, place: Place]> = {
  ...Object.fromEntries(
    ['plan', 'build', 'apply', 'destroy', 'dev', 'status', 'doctor'].map((name) => [
      `${name} .json`,
      ['.json', named(name)],
    ]),
  ),
  ...Object.fromEntries(['plan', 'build', 'apply', 'dev'].map((name) => [`${name} .ts`, ['.ts', named(name)]])),
  export: ['.js', named('export', 'cloudformation')],
  'export --out': ['', named('export', 'cloudformation', 'ok.json', '--out')],
  'build --out': ['', named('build', 'ok.json', '--out')],
  'build below --out': ['', (path) => ({ args: ['build', 'ok.json', '--out', join(path, 'new')] })],
  import: ['.yaml', named('import', '--out', 'new/10-a.ts')],
  'import --out': ['.ts', named('import', 'template.yaml', '--out')],
  'import --code': [
    '.zip',
    (path) => ({ args: ['import', 'function.yaml', '--out', 'new.ts', '--code', `F=${path}`] }),
  ],
  send: ['', named('send', 'no-such-stream')],
  'doctor --hooks': ['', named('doctor', '--hooks')],
  'doctor --log': ['.log', named('doctor', '--log')],
  'doctor --compose': ['.yml', named('doctor', '--compose')],
  'apply --outputs': ['.json', named('apply', DEFINITION, '--outputs')],
  'apply --timeline': ['.svg', named('apply', DEFINITION, '--timeline')],
  'up --hooks': ['', named('up', '--hooks')],
  'up --data': ['', named('up', '--data')],
  'down --data': ['', named('down', '--data')],
  'a temporary folder': ['', (path) => ({ args: ['build', 'commonjs.json', '--out', 'out'], env: { TMPDIR: path } })],
  'a cache': ['', (path) => ({ args: ['up'], env: { READY_HOOKS_CACHE_DIR: path } })],
  'a stream’s seed': ['.jsonl', applied((file) => ({ streams: { 'fuzz-files-seed': { seed: { file } } } }))],
  'a bucket’s seed.directory': ['', applied((directory) => ({ buckets: { bbb: { seed: { directory } } } }))],
  'a bucket’s seed.zip': ['.zip', applied((zip) => ({ buckets: { bbb: { seed: { zip } } } }))],
  'a function’s entry': ['.ts', declared((entry) => fn({ entry }))],
  'a function’s directory': ['', declared((directory) => fn({ directory }))],
  'a function’s zip': ['.zip', declared((zip) => fn({ zip }))],
};

const FILES = {
  'ok.json': '{"streams":{"s":{}}}',
  'commonjs.json': '{"functions":{"f":{"entry":"./f.js"}}}',
  'f.js': 'exports.handler = async () => {};',
  'template.yaml': 'Resources: {S: {Type: AWS::Kinesis::Stream, Properties: {Name: s}}}',
  'function.yaml':
    'Resources: {F: {Type: AWS::Lambda::Function, Properties: {FunctionName: f, Runtime: nodejs22.x, Handler: index.handler}}}',
};

const client = () =>
  new KinesisClient({
    endpoint: endpoint(),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler(),
  });
const streams = async () => (await client().send(new ListStreamsCommand({ Limit: 1_000 }))).StreamNames ?? [];

let top: string;
let canMount = true;
let before: string[];
beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'ready-hooks-fuzz-'));
  try {
    readOnly(join(top, 'probe'));
  } catch {
    canMount = false;
  }
  before = await streams();
});
afterAll(() => {
  for (const mount of mounts.reverse()) execFileSync('umount', [mount]);
  rmSync(top, { recursive: true, force: true });
});

const cells = Object.keys(PLACES).flatMap((place) => Object.keys(KINDS).map((kind) => [place, kind] as const));

const nameOf = (index: number) => `fuzz-files-${process.pid}-${index}`;

async function attempt(index: number): Promise<Ended> {
  const [place = '', kind = ''] = cells[index] ?? [];
  const [extension, placed] = PLACES[place] as (typeof PLACES)[string];
  const folder = join(top, String(index));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const path = pathOf(kind, folder, extension);
  KINDS[kind]?.(path);
  const { args, env, definition } = placed(path);
  writeFileSync(join(folder, DEFINITION), JSON.stringify(definition ?? { streams: { [nameOf(index)]: {} } }));
  const ended = await runCli(args, folder, {
    ...WITHOUT_ENGINES,
    AWS_ENDPOINT_URL: endpoint(),
    HOME: folder,
    READY_HOOKS_CACHE_DIR: join(folder, 'cache'),
    ...env,
  });
  expectSound(ended);
  return ended;
}

test('whatever a file is, a command ends soundly and creates nothing', async ({ skip }) => {
  skip(process.platform !== 'linux', 'its devices and mounts are those of Linux');
  const { runs, note } = fuzzing(160);
  const left = canMount
    ? cells.map((_, index) => index)
    : cells.flatMap(([, kind], index) => (kind.includes('read-only') ? [] : index));
  const [chosen = []] = fc.sample(
    fc.shuffledSubarray(left, {
      minLength: Math.min(left.length, runs.numRuns ?? 0),
      maxLength: Math.min(left.length, runs.numRuns ?? 0),
    }),
    { numRuns: 1, seed: runs.seed ?? 0 },
  );
  const codes = new Map<unknown, number>();
  const failures: string[] = [];
  const rejected = new Set<string>();
  const next = async (): Promise<void> => {
    for (let index = chosen.pop(); index !== undefined; index = chosen.pop()) {
      const cell = cells[index];
      try {
        const { code, output } = await attempt(index);
        codes.set(code, (codes.get(code) ?? 0) + 1);
        // dev applies until it is stopped; some devices show only at the end that they cannot be written.
        if (code !== 0 && code !== 143 && !/ENOSPC|EIO/.test(output)) rejected.add(nameOf(index));
      } catch (error) {
        failures.push(`${cell?.join(', ')}: ${(error as Error).message}`);
      }
    }
  };
  await Promise.all([next(), next()]);
  note(
    `exit codes with ${left.length === cells.length ? 'every kind of file' : 'all but read-only mounts, which this user cannot make'}: ${[...codes].map(([code, count]) => `${code}: ${count}`).join(', ')}`,
  );
  expect(failures).toEqual([]);
  const created = (await streams()).filter((name) => !before.includes(name));
  for (const StreamName of created) await client().send(new DeleteStreamCommand({ StreamName }));
  expect(created.filter((name) => rejected.has(name) || !name.startsWith('fuzz-files-'))).toEqual([]);
}, 3_600_000);

test('in a read-only project, each command names the reason', async ({ skip }) => {
  skip(!canMount, 'this user cannot mount a folder');
  const project = join(top, 'project');
  mkdirSync(project);
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(project, name), text);
  writeFileSync(join(project, 'ok.json'), '{"streams":{"fuzz-read-only":{}}}');
  writeFileSync(join(project, 'ok.mjs'), "import name from 'dep'; export default { streams: { [name]: {} } };");
  mkdirSync(join(project, 'node_modules/dep'), { recursive: true });
  writeFileSync(join(project, 'node_modules/dep/index.js'), "module.exports = 'name';");
  readOnly(project);
  for (const command of [
    'init --yes',
    'build ok.json',
    'export cloudformation ok.json',
    'import template.yaml',
    'apply ok.json --outputs out.json',
    'apply ok.json --timeline new/time.svg',
  ]) {
    const ended = await runCli(command.split(' '), project, { ...WITHOUT_ENGINES, AWS_ENDPOINT_URL: endpoint() });
    expectSound(ended);
    expect(ended.output).toMatch(/EROFS/);
    expect(ended.code).toBe(1);
  }
  const planned = await runCli(['plan', 'ok.mjs'], project, WITHOUT_ENGINES);
  expect(planned.output).toContain('1. stream name');
  expect(await streams()).not.toContain('fuzz-read-only');
});
