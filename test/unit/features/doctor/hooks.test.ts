import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { diagnoseCompose } from '../../../../src/features/doctor/compose-file.ts';
import { diagnoseUnreachable } from '../../../../src/features/doctor/diagnose.ts';
import { doctor } from '../../../../src/features/doctor/doctor.ts';
import { diagnoseHooks } from '../../../../src/features/doctor/hooks.ts';
import { parseLog } from '../../../../src/features/doctor/log.ts';
import { composeFacts } from '../../../../src/features/doctor/read-compose.ts';
import { readHooksFolder } from '../../../../src/features/doctor/read-hooks-folder.ts';
import { folderWith } from '../../../support/folder.ts';
import { facts } from './facts.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const SH = '#!/bin/sh\nexit 0\n';
test.each<[string, [string, string, number][], string[]]>([
  ['an executable hook', [['10-a.sh', SH, 0o755]], []],
  ['a Python hook without an exec bit', [['10-a.py', 'pass\n', 0o644]], []],
  ['no exec bit', [['10-a.sh', SH, 0o644]], ['RH301']],
  ['CRLF', [['10-a.sh', '#!/bin/sh\r\nexit 0\r\n', 0o755]], ['RH302']],
  ['no shebang', [['10-a.sh', 'exit 0\n', 0o755]], ['RH303']],
  ['a byte order mark', [['10-a.sh', `\uFEFF${SH}`, 0o755]], ['RH303']],
  ['all three mistakes', [['10-a.sh', 'exit 0\r\n', 0o644]], ['RH301', 'RH303', 'RH302']],
  ['no script', [['readme.md', 'x', 0o644]], ['RH304']],
  [
    'node_modules',
    [
      ['10-a.sh', SH, 0o755],
      ['node_modules/x/y.sh', SH, 0o755],
    ],
    ['RH306'],
  ],
  ['empty', [], ['RH307']],
])('a folder: %s', async (_, files, expected) => {
  for (const [name, text, mode] of files) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), mode);
  }
  const found = diagnoseHooks({ ...facts(), folder: await readHooksFolder(folder) });
  expect(found.map(({ code }) => code)).toEqual(expected);
});

test('a missing folder', async () => {
  const found = diagnoseHooks({ ...facts(), folder: await readHooksFolder(join(folder, 'no')) });
  expect(found.map(({ code }) => code)).toEqual(['RH307']);
});

test('hooks that the engine did not run are a warning: apply may have created the pipeline', () => {
  const own = { path: '10-a.sh', executable: true, firstLine: '#!/bin/sh\n', crlf: false };
  const none = { state: 'none' as const, scripts: [], summary: '' };
  expect(
    diagnoseHooks({ ...facts(), hooks: none, folder: { path: 'r', absolutePath: '/r', files: [own] } }),
  ).toMatchObject([{ code: 'RH309', severity: 'warns' }]);
});

interface Service {
  image?: string;
  target?: string;
  sourceExists?: boolean;
  test?: string[];
  environment?: Record<string, string | null>;
}
const compose = (service: Service) =>
  composeFacts(
    'docker-compose.yml',
    {
      services: {
        localstack: {
          image: service.image ?? 'localstack/localstack:4.14.0',
          environment: service.environment ?? {},
          healthcheck: { test: service.test ?? ['CMD-SHELL', 'exec node ready-hooks.cjs --wait'] },
          volumes: [{ type: 'bind', source: '/r', target: service.target ?? '/etc/localstack/init/ready.d' }],
        },
        web: { image: 'nginx' },
      },
    },
    () => service.sourceExists ?? true,
  );

test.each<[string, Service, string[]]>([
  ['a correct service', {}, []],
  [
    'a health check that asks the init endpoint',
    { test: ['CMD', 'sh', '-c', 'curl -s localhost:4566/_localstack/init/ready'] },
    [],
  ],
  [
    'a health check that waits only for services',
    { test: ['CMD', 'curl', 'localhost:4566/_localstack/health'] },
    ['RH401'],
  ],
  ['latest', { image: 'localstack/localstack' }, ['RH402']],
  ['a calendar version', { image: 'localstack/localstack:2026.03.0' }, ['RH402']],
  ['latest with a token', { image: 'localstack/localstack:latest', environment: { LOCALSTACK_AUTH_TOKEN: 'x' } }, []],
  [
    'latest with an empty token',
    { image: 'localstack/localstack', environment: { LOCALSTACK_AUTH_TOKEN: null } },
    ['RH402'],
  ],
  ['latest for one architecture', { image: 'localstack/localstack:latest-arm64' }, ['RH402']],
  ['a version after the last one without a token', { image: 'localstack/localstack:4.15.0' }, ['RH402']],
  ['the newest version 4', { image: 'localstack/localstack:4' }, []],
  ['a public name for links', { environment: { LOCALSTACK_HOST: 'localhost.localstack.cloud:4566' } }, ['RH406']],
  [
    'a public name in the health check',
    { test: ['CMD', 'curl', 'http://localhost.localstack.cloud:4566/_localstack/init/ready'] },
    ['RH406'],
  ],
  ['the folder of old versions', { target: '/docker-entrypoint-initaws.d' }, ['RH304']],
  ['a typo in the target', { target: '/etc/localstack/ready.d' }, ['RH304']],
  ['a missing source folder', { sourceExists: false }, ['RH307']],
  ['an engine without Node.js', { image: 'localemu/localemu:1.3.2' }, ['RH305']],
  ['an engine with Node.js', { image: 'ministackorg/ministack:1.5.33' }, []],
  ['the s3 image', { image: 'localstack/localstack:s3-latest' }, ['RH305']],
])('a compose file: %s', (_, service, expected) => {
  expect(diagnoseCompose(compose(service)).map(({ code }) => code)).toEqual(expected);
});

test('RH406: in another service, the public name means that service itself', () => {
  const services = {
    aws: { image: 'localstack/localstack:4.14.0' },
    app: { environment: { AWS_ENDPOINT_URL: 'http://localhost.localstack.cloud:4566', OTHER: 'localhost' } },
  };
  expect(diagnoseCompose(composeFacts('c.yml', { services }, () => true))).toMatchObject([
    {
      code: 'RH406',
      subject: 'service app',
      evidence: 'AWS_ENDPOINT_URL of service app',
      fix: expect.stringContaining('http://aws:4566'),
    },
  ]);
});

// As users reported it (microcks#2008).
const NO_TOKEN = `LocalStack version: 2026.3.1.dev3

Localstack returning with exit code 55. Reason:
===============================================
The license activation failed for the following reason:`;

test('RH402 is found in the log of an engine that did not start', () => {
  const log = { file: 'ls.log', events: parseLog(NO_TOKEN) };
  const found = diagnoseUnreachable('nothing', 'http://localhost:4566', { log });
  expect(found.map(({ code }) => code)).toEqual(['RH001', 'RH402']);
});

test('RH406: an address that does not resolve is a finding of its own', async () => {
  const endpoint = 'http://no-such-bucket.localhost.localstack.cloud:1';
  const found = (await doctor([], { endpoint })).map(({ code, severity }) => `${code} ${severity}`);
  expect(found).toEqual(['RH001 stops', 'RH406 warns']);
});

/** As `docker compose config` prints `create_host_path: false`, its absence in the long form, and the short form. */
test.each<[object, boolean]>([
  [{ bind: {} }, false],
  [{}, false],
  [{ bind: { create_host_path: true } }, true],
])('a missing folder mounted with %j: the fix names create_host_path: %s', (bind, expected) => {
  const volume = { type: 'bind', source: '/r', target: '/etc/localstack/init/ready.d', ...bind };
  const services = { ls: { image: 'localstack/localstack:4.14.0', volumes: [volume] } };
  const [found] = diagnoseCompose(composeFacts('c.yml', { services }, () => false));
  expect(found).toMatchObject({ code: 'RH307' });
  expect(found?.fix.includes('create_host_path')).toBe(expected);
  expect(found?.problem.includes('Docker would create')).toBe(expected);
});

test.each<[string, string, string[]]>([
  ['the mounted folder', '/r', ['RH307 service ls']],
  ['another folder', '/other', ['RH307 folder r', 'RH307 service ls']],
])('a missing folder in the compose file and %s', (_, absolutePath, expected) => {
  const volumes = [{ type: 'bind', source: '/r', target: '/etc/localstack/init/ready.d' }];
  const healthcheck = { test: 'node ready-hooks.cjs --wait' };
  const services = { ls: { image: 'localstack/localstack:4.14.0', volumes, healthcheck } };
  const compose = composeFacts('c.yml', { services }, () => false);
  const found = diagnoseUnreachable('nothing', 'http://localhost:4566', {
    folder: { path: 'r', absolutePath },
    compose,
  });
  expect(found.map(({ code, subject }) => `${code} ${subject}`)).toEqual(['RH001 engine', ...expected]);
});

// Lines of LocalStack 4.14.0, as `docker compose logs` prints them.
const FAILURES = `localstack-1  | 2026-11-30T10:25:40.100  INFO --- [et.reactor-1] localstack.request.aws     : AWS s3.HeadBucket => 200
localstack-1  | ready-hooks: 05-ok is ready in 0.40 s: 1 created
localstack-1  | starting
localstack-1  | oops: no table
localstack-1  | 2026-11-30T10:25:40.924 ERROR --- [ady_monitor)] localstack.runtime.init    : Error while running script Script(path='/etc/localstack/init/ready.d/10-bad.sh', stage=READY, state=ERROR): Script /etc/localstack/init/ready.d/10-bad.sh returned a non-zero exit code 3
localstack-1  | 2026-11-30T10:25:40.924 ERROR --- [ady_monitor)] localstack.runtime.init    : Error while running script Script(path='/etc/localstack/init/ready.d/20-nobit.sh', stage=READY, state=ERROR): [Errno 13] Permission denied: '/etc/localstack/init/ready.d/20-nobit.sh'`;

test('RH308 quotes the log, and names where to read it', () => {
  const scripts = ['10-bad.sh', '20-nobit.sh'].map((name) => ({ stage: 'READY', name, state: 'ERROR' as const }));
  const hooks = { state: 'failed' as const, scripts, summary: '10-bad.sh ERROR' };
  const found = (text?: string) =>
    diagnoseHooks({ hooks, ...(text !== undefined && { log: { file: 'ls.log', events: parseLog(text) } }) });
  expect(found(FAILURES)).toMatchObject([
    {
      code: 'RH308',
      evidence: expect.stringContaining(
        "ls.log: 10-bad.sh: returned a non-zero exit code 3, after printing: oops: no table; 20-nobit.sh: [Errno 13] Permission denied: '",
      ),
      fix: expect.stringMatching(/^read its last lines in ls\.log,/),
    },
  ]);
  expect(found('')[0]?.fix).toMatch(/^read its last lines in ls\.log,/);
  expect(found()[0]?.fix).toContain('with Compose: docker compose logs localstack');
});

const READY_D = '/etc/localstack/init/ready.d';
test.each<[string, string, boolean, string[], string[]]>([
  ['a script inside a read-only mount', READY_D, true, ['/x.sh', '/r'], ['RH405']],
  ['with its mount point', READY_D, true, ['/x.sh', '/r', '/r/init.sh'], []],
  ['inside a writable mount', READY_D, false, ['/x.sh', '/r'], []],
  ['beside a read-only mount', `${READY_D}/ready-hooks`, true, ['/x.sh', '/r'], []],
])('a compose file: %s', (_, target, read_only, paths, expected) => {
  const volumes = [
    { type: 'bind', source: '/x.sh', target: `${READY_D}/init.sh` },
    { type: 'bind', source: '/r', target, read_only },
  ];
  const healthcheck = { test: 'node ready-hooks.cjs --wait' };
  const services = { ls: { image: 'localstack/localstack:4.14.0', volumes, healthcheck } };
  const found = diagnoseCompose(composeFacts('c.yml', { services }, (path) => paths.includes(path)));
  expect(found.map(({ code }) => code)).toEqual(expected);
});

test('a compose file: no health check', () => {
  const { services, file } = compose({});
  const without = services.map(({ healthcheck: _, ...service }) => service);
  expect(diagnoseCompose({ file, services: without }).map(({ code }) => code)).toEqual(['RH401']);
});

test('a compose file: no engine', () => {
  const file = 'docker-compose.yml';
  const codes = (services: Record<string, { image: string }>) =>
    diagnoseCompose(composeFacts(file, { services }, () => true)).map(({ code }) => code);
  expect(codes({})).toEqual(['RH403']);
  expect(codes({ web: { image: 'nginx' } })).toEqual(['RH403']);
  expect(codes({ engine: { image: 'ministackorg/ministack:1.5' } })).toEqual([]);
});

test('if no engine answers, the files are checked for the cause', async () => {
  await writeFile(join(folder, '10-a.sh'), SH, { mode: 0o644 });
  // The doctor waits 2 s for an engine: here, each reading of the clock is a second later.
  let now = Date.now();
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => (now += 1_000));
  onTestFinished(() => clock.mockRestore());
  const found = await doctor([], { endpoint: 'http://127.0.0.1:59998', hooksDir: folder });
  expect(found.map(({ code }) => code)).toEqual(['RH001', 'RH301']);
  await expect(doctor([], { endpoint: 'http://127.0.0.1:59998' })).rejects.toThrow('Nothing answers');
});

test('a folder with far more than hooks is rejected before all of it is read', async () => {
  const folder = folderWith({ 'a.sh': '', 'b/c.sh': '', 'b/d.sh': '' });
  expect((await readHooksFolder(folder, 4)).files).toHaveLength(3);
  await expect(readHooksFolder(folder, 3)).rejects.toThrow(/contains over 3 files and folders: pass only the ready\.d/);
});
