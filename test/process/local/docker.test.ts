import { expect, test } from 'vitest';
import { probeDocker } from '../../../src/local/docker/probe.ts';

test('a client without an engine is no Docker', async () => {
  const probe = await probeDocker({ ...process.env, DOCKER_HOST: 'unix:///nowhere/docker.sock' });
  expect(probe).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/^(no Docker engine answers|there is no docker command)/),
  });
});

test('no docker command at all', async () => {
  expect(await probeDocker({ PATH: '/nowhere' })).toEqual({ ok: false, reason: 'there is no docker command' });
});
