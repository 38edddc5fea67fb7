import { expect, test } from 'vitest';
import { probeDocker } from '../../../src/local/docker/probe.ts';

test('a Docker client without an engine is not enough', async () => {
  const probe = await probeDocker({ ...process.env, DOCKER_HOST: 'unix:///nowhere/docker.sock' });
  expect(probe).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/^(the Docker engine|docker is not installed)/),
  });
});

test('no docker command at all', async () => {
  expect(await probeDocker({ PATH: '/nowhere' })).toEqual({ ok: false, reason: 'docker is not installed' });
});
