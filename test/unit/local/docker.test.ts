import { describe, expect, test } from 'vitest';
import { choose } from '../../../src/local/choose-engine.ts';
import { type Published, portObstacle, publishedPort } from '../../../src/local/docker/compose.ts';
import { type DockerProbe, socketFor } from '../../../src/local/docker/probe.ts';
import { hookLine } from '../../../src/local/hook-log.ts';

test.each<[string, string, NodeJS.Platform, { path: string; problem?: RegExp }]>([
  ['the default', 'unix:///var/run/docker.sock', 'linux', { path: '/var/run/docker.sock' }],
  ['rootless', 'unix:///run/user/1000/docker.sock', 'linux', { path: '/run/user/1000/docker.sock' }],
  ['Docker Desktop on macOS', 'unix:///Users/x/.docker/run/docker.sock', 'darwin', { path: '/var/run/docker.sock' }],
  [
    'Colima: the path inside its machine',
    'unix:///Users/x/.colima/default/docker.sock',
    'darwin',
    { path: '/var/run/docker.sock' },
  ],
  ['Windows', 'npipe:////./pipe/docker_engine', 'win32', { path: '/var/run/docker.sock' }],
  ['unknown', '', 'linux', { path: '/var/run/docker.sock' }],
  [
    'another machine',
    'ssh://me@far',
    'linux',
    { path: '/var/run/docker.sock', problem: /on another machine \(ssh:\/\/me@far\)/ },
  ],
  ['another machine by TCP', 'tcp://10.0.0.7:2376', 'linux', { path: '/var/run/docker.sock', problem: /\(tcp:/ }],
])('socket of %s', (_, host, platform, expected) => {
  const { path, problem } = socketFor(host, platform);
  expect(path).toBe(expected.path);
  expected.problem ? expect(problem).toMatch(expected.problem) : expect(problem).toBeUndefined();
});

const of = (...ports: { target: number; published?: string }[]) => ({ services: { localstack: { ports } } });

test.each<[string, Parameters<typeof publishedPort>[0], Published, number | undefined, RegExp | undefined]>([
  ['the same', of({ target: 4566, published: '4566' }), 4566, 4566, undefined],
  ['another', of({ target: 4566, published: '4510' }), 4510, 4566, /publishes 4510, not 4566/],
  ['another, and none is wanted', of({ target: 4566, published: '4510' }), 4510, undefined, undefined],
  ['another, and any is wanted', of({ target: 4566, published: '4510' }), 4510, 0, undefined],
  ['one that Docker chooses', of({ target: 4566 }), 'any', undefined, undefined],
  ['one that Docker chooses, written as 0', of({ target: 4566, published: '0' }), 'any', 0, undefined],
  [
    'one that Docker chooses, and one is wanted',
    of({ target: 4566 }),
    'any',
    4566,
    /publishes any free port, not 4566/,
  ],
  ['one of a range', of({ target: 4566, published: '4566-4570' }), 'any', undefined, undefined],
  ['none', of(), 'none', undefined, /publishes no port for 4566/],
  ['none but for another service of it', of({ target: 443, published: '443' }), 'none', 4566, /publishes no port/],
  ['the host', { services: { localstack: { network_mode: 'host' } } }, 4566, 4566, undefined],
])('a compose file that publishes %s', (_, config, published, wanted, expected) => {
  expect(publishedPort(config)).toBe(published);
  const why = portObstacle(publishedPort(config), wanted);
  expected ? expect(why).toMatch(expected) : expect(why).toBeUndefined();
});

describe('the choice of the engine', () => {
  const docker: DockerProbe = { ok: true, version: '28.0.0', socket: { path: '/var/run/docker.sock' } };
  const none: DockerProbe = { ok: false, reason: 'the Docker engine is not running' };
  const far: DockerProbe = { ...docker, socket: { path: '', problem: 'it is far' } };
  test.each<[Parameters<typeof choose>, string]>([
    [['auto', docker, 'here'], 'docker: LocalStack in Docker (28.0.0)'],
    [['auto', docker, 'pulled'], 'docker: LocalStack in Docker (28.0.0)'],
    [['auto', none, 'here'], 'localstack: LocalStack without Docker: the Docker engine is not running'],
    [['auto', docker, { missing: 'denied' }], 'localstack: LocalStack without Docker: denied'],
    [['auto', far, 'here'], 'localstack: LocalStack without Docker: it is far'],
    [['localstack', docker, 'here'], 'localstack: LocalStack without Docker, as requested'],
    [['docker', docker, 'here'], 'docker: LocalStack in Docker (28.0.0)'],
    [
      ['docker', none, 'here'],
      'undefined: --engine docker was given, but Docker cannot be used: the Docker engine is not running. Fix that, or use --engine localstack, which does not need Docker.',
    ],
  ])('%o', (asked, expected) => {
    const { engine, why } = choose(...asked);
    expect(`${engine}: ${why}`).toBe(expected);
  });
});

test.each([
  ['ready-hooks: 10-hallow-events is ready in 3.66 s: 4 created', true],
  ['    2.07 s  bucket hallow-events: CreateBucket (in us-east-1)', true],
  ['  123.45 s  stream s: waiting for it to be ACTIVE, now CREATING', true],
  ['    not attempted  event source mapping s → f', true],
  ['2026-11-23T08:08:09.142  INFO --- [et.reactor-0] localstack.request.http    : GET /_localstack/info => 200', false],
  ['Ready.', false],
])('is a hook’s line: %s', (line, expected) => expect(hookLine(line) !== undefined).toBe(expected));

test('MiniStack’s prefix of a hook’s first line is left out', () => {
  const line = '2026-11-23 11:42:06 INFO [ministack]   stdout: ready-hooks: 10-a: 4 resources';
  expect(hookLine(line)).toBe('ready-hooks: 10-a: 4 resources');
});
