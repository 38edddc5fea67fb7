import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { run } from '../../src/local/machine/command.ts';
import { freePort } from '../../src/local/machine/port.ts';
import { writeReadyDTemplate } from '../support/ready-d.ts';

const TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url));

// Each template is copied into a new project, as a user would, with the ready.d that needs no build.
let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'ready-hooks-template-'));
  await writeReadyDTemplate(join(project, 'init/ready.d'));
});
afterEach(() => rm(project, { recursive: true, force: true }));

const copy = (name: string) => cp(join(TEMPLATES, name), project, { recursive: true });
const compose = (...args: string[]) => run('docker', ['compose', '--ansi', 'never', ...args], { cwd: project });

test('compose: a service that depends on LocalStack starts when the pipeline delivers', async () => {
  await copy('compose');
  const file = join(project, 'docker-compose.yml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('127.0.0.1:4566:', `127.0.0.1:${await freePort()}:`));
  try {
    await compose('up', '--detach', '--wait', 'localstack');
    expect(await compose('run', '--rm', 'app')).toContain('SequenceNumber');
    const list = ['exec', '-T', 'localstack', 'awslocal', 's3', 'ls', 's3://events', '--recursive'];
    await expect.poll(() => compose(...list), { timeout: 30_000, interval: 200 }).toContain('.json');
  } finally {
    await compose('down', '--timeout', '3');
  }
});

test.each([
  ['localstack-token', 'localstack/localstack:2026.3.0'],
  ['ministack', 'ministackorg/ministack:1.5.33'],
  ['localemu', 'localemu/localemu:1.3.2'],
  ['floci', 'floci/floci:1.7.0'],
  ['devcontainer/.devcontainer', 'localstack/localstack:4.14.0'],
])('%s: Compose accepts the file, with %s', async (name, image) => {
  await copy(name);
  const env = { ...process.env, LOCALSTACK_AUTH_TOKEN: 'a-token' };
  const images = await run('docker', ['compose', 'config', '--images'], { cwd: project, env });
  expect(images.split('\n')).toContain(image);
});

test('localstack-token: without a token Compose names the missing variable', async () => {
  await copy('localstack-token');
  await expect(compose('config')).rejects.toThrow(/LOCALSTACK_AUTH_TOKEN.*app\.localstack\.cloud/);
});

test('kubernetes: the image has the hooks, and LocalStack waits for a Docker engine that starts later', async () => {
  await copy('kubernetes');
  const image = `ready-hooks-template-${process.pid}`;
  await run('docker', ['build', '--quiet', '--tag', image, '.'], { cwd: project });
  const { extraEnvVars } = parse(await readFile(join(project, 'values-image.yaml'), 'utf8'));
  const settings = extraEnvVars.flatMap(({ name, value }: Record<string, string>) => ['--env', `${name}=${value}`]);
  const docker = await lateDocker();
  const args = ['--detach', '--env', `DOCKER_HOST=tcp://${docker.address}`, ...settings, image];
  const container = (await run('docker', ['run', ...args])).trim();
  try {
    await expect.poll(docker.closed, { timeout: 60_000, interval: 100 }).toBeGreaterThan(5);
    expect(await run('docker', ['logs', container])).not.toContain('ready-hooks');
    docker.answer();
    const wait = ['exec', container, 'node', '/etc/localstack/init/ready.d/ready-hooks.cjs', '--wait'];
    expect(await run('docker', wait)).toContain('ready-hooks: ready: 10-events.sh');
  } finally {
    await run('docker', ['rm', '--force', container]);
    await run('docker', ['rmi', image]);
    docker.close();
  }
});

/** A proxy to the Docker engine that containers can reach; it closes all connections until `answer` is called. */
async function lateDocker() {
  // A Docker engine that has just been installed reports no gateway: it is the subnet's first address.
  const gateway = '{{ with index .IPAM.Config 0 }}{{ or .Gateway .Subnet }}{{ end }}';
  const named = (await run('docker', ['network', 'inspect', 'bridge', '--format', gateway])).trim();
  const host = named.replace(/\.0\/\d+$/, '.1');
  let closed = 0;
  let answers = false;
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    if (!answers) {
      closed += 1;
      client.destroy();
      return;
    }
    const engine = connect('/var/run/docker.sock').on('error', () => client.destroy());
    client.pipe(engine).pipe(client);
  });
  await once(server.listen(0, host), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `${host}:${port}`,
    closed: () => closed,
    answer: () => {
      answers = true;
    },
    close: () => server.close(),
  };
}
