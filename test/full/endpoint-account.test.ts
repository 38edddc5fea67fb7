import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoint } from '../support/engine.ts';
import { faultProxy } from '../support/fault-proxy.ts';
import { hookFolder } from '../support/faults/kill.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';

/** The format of a real key; no account has it. */
const REAL = 'AKIAREALLOOKINGKEY00';

let hooks: Awaited<ReturnType<typeof hookFolder>>;
let home: string;
let elsewhere: Server;
let other: string;
/** Requests to the host that must not get any. */
let caught: string[];

beforeAll(async () => {
  hooks = await hookFolder();
  home = await mkdtemp(join(tmpdir(), 'ready-hooks-home-'));
  elsewhere = createServer((request, response) => {
    caught.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"version":"4.14.0"}');
  });
  elsewhere.on('connect', ({ url }, socket) => {
    caught.push(`CONNECT ${url}`);
    socket.destroy();
  });
  await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
  other = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  await mkdir(join(home, '.aws'));
  const settings = `region = eu-west-1\nendpoint_url = ${other}\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\ndefaults_mode = auto\n`;
  await writeFile(join(home, '.aws/config'), `[default]\n${settings}\n[profile production]\n${settings}`);
  const keys = `aws_access_key_id = ${REAL}\naws_secret_access_key = real\n`;
  await writeFile(join(home, '.aws/credentials'), `[default]\n${keys}\n[production]\n${keys}`);
});
afterAll(async () => {
  elsewhere.close();
  await rm(hooks.folder, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
});

/** Variables of a developer's shell, each with `other` as the address that must not be contacted. */
const shells: Record<string, (other: string) => Record<string, string>> = {
  'real-looking keys': (to) => ({
    AWS_ACCESS_KEY_ID: REAL,
    AWS_SECRET_ACCESS_KEY: 'real',
    AWS_SESSION_TOKEN: REAL,
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: to,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${to}/keys`,
  }),
  'a profile with keys and an endpoint': () => ({
    AWS_PROFILE: 'production',
    AWS_SDK_LOAD_CONFIG: '1',
    AWS_CONFIG_FILE: join(home, '.aws/config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, '.aws/credentials'),
  }),
  'a profile that does not exist': () => ({ AWS_PROFILE: 'gone' }),
  'endpoints of services and proxies': (to) => ({
    AWS_ENDPOINT_URL_KINESIS: to,
    AWS_ENDPOINT_URL_LAMBDA: to,
    AWS_ENDPOINT_URL_S3: to,
    HTTP_PROXY: to,
    HTTPS_PROXY: to,
    ALL_PROXY: to,
    http_proxy: to,
    https_proxy: to,
    all_proxy: to,
  }),
  'FIPS, dual stack and modes': () => ({
    AWS_USE_FIPS_ENDPOINT: 'true',
    AWS_USE_DUALSTACK_ENDPOINT: 'true',
    AWS_DEFAULTS_MODE: 'auto',
    AWS_RETRY_MODE: 'adaptive',
    AWS_MAX_ATTEMPTS: '10',
    AWS_AUTH_SCHEME_PREFERENCE: 'sigv4a,noAuth',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
  }),
};

test.each(Object.keys(shells))(
  'with %s in the environment, the hook contacts only its engine, without any of the developer’s keys',
  async (shell) => {
    caught = [];
    const keys = new Set<string>();
    const proxy = await faultProxy(endpoint(), ({ incoming, pass }) => {
      const { authorization = '' } = incoming.headers;
      const key = /Credential=([^/]+)\/\d+\/([^/]+)/.exec(authorization);
      keys.add(key ? `${key[1]} ${key[2]}` : authorization);
      if (JSON.stringify(incoming.headers).includes(REAL)) keys.add(REAL);
      return pass();
    });
    const run = await hook({ ...shells[shell]?.(other), AWS_ENDPOINT_URL: proxy.endpoint });
    await proxy.close();
    expect(run.said).toMatch(/is ready/);
    expect(run.code).toBe(0);
    expect(caught).toEqual([]);
    expect([...keys].sort()).toEqual(['', 'test us-east-1']);
  },
);

/** All requests, or all after the engine is detected. */
const redirects = [301, 302, 307, 308].flatMap((status) => [
  [status, 'every request'] as const,
  [status, 'AWS requests'] as const,
]);

test.each(redirects)('HTTP %i of %s to another host is not followed', async (status, which) => {
  caught = [];
  const proxy = await faultProxy(endpoint(), ({ operation, outgoing, incoming, pass }) => {
    if (which === 'AWS requests' && operation.startsWith('GET /_')) return pass();
    outgoing.writeHead(status, { location: other + (incoming.url ?? ''), 'x-amz-bucket-region': 'eu-west-1' }).end();
  });
  const run = await hook({ AWS_ENDPOINT_URL: proxy.endpoint, READY_HOOKS_LIMIT_MS: '4000' });
  await proxy.close();
  expect(caught).toEqual([]);
  expect(run.said).toContain(`HTTP ${status}`);
  expect(run.said).not.toMatch(/\n\s+at /);
  expect(run.code).toBe(1);
});

test.each([
  (to: string) => to.replace('127.0.0.1', '127.0.0.1.nip.io'),
  (to: string) => to.replace('127.0.0.1', 'localhost.evil.com'),
  (to: string) => to.replace('127.0.0.1', 'localhost.localstack.cloud.evil.com'),
  (to: string) => to.replace('//', '//localhost:4566@'),
  (to: string) => to.replace('127.0.0.1', '[::ffff:8.8.8.8]'),
  (to: string) => to.replace('127.0.0.1', '134744072'),
  (to: string) => to.replace('127.0.0.1', '[fd00:ec2::254]'),
  () => 'http://169.254.169.254',
])('an address that is not this machine’s is rejected before any request: %s', async (disguise) => {
  caught = [];
  const run = await hook({ AWS_ENDPOINT_URL: disguise(other) });
  expect(run.said).toMatch(/^ready-hooks: The endpoint \S+ was rejected: it .*\n$/);
  expect(run.code).toBe(1);
  expect(caught).toEqual([]);
});

/** Runs a new sample's hook as a process, with the given environment, PATH and a home with a profile. */
async function hook(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const name = uniqueName('account');
  await hooks.add(samplePipeline(name));
  const child = spawn(process.execPath, [join(hooks.folder, 'ready-hooks.cjs'), join(hooks.folder, name)], {
    env: { PATH: process.env['PATH'], HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, said };
}
