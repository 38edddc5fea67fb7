import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { composeProject, docker } from '../support/compose-project.ts';
import { faultProxy } from '../support/fault-proxy.ts';

const PULL_MS = 25_000;
const within = { timeout: 120_000, interval: 300 };

test('the hook waits for a slow pull, also after a restart in the middle of it', async () => {
  const registry = await slowRegistry();
  const project = await composeProject();
  try {
    await project.build();
    const mapping = JSON.stringify({ 'nodejs22.x': registry.image });
    await project.override({ environment: { LAMBDA_RUNTIME_IMAGE_MAPPING: mapping } });
    const firstUp = project.compose('up', '--wait', 'localstack');
    await expect.poll(registry.requests, within).toBeGreaterThan(0);
    const before = registry.requests();
    await project.compose('restart', 'localstack');
    await firstUp;
    await expect.poll(registry.requests, within).toBeGreaterThan(before);
    await project.up('localstack');
    await project.delivers();
    const log = await project.logs('localstack');
    expect(log.match(/function hallow-event-distributor: waiting for it to be Active, now Pending/g)).toHaveLength(2);
    expect(Number(/10-hallow-events is ready in (\d+\.\d+) s/.exec(log)?.[1])).toBeGreaterThan(PULL_MS / 1_000);
  } finally {
    await project.remove();
    await registry.close();
  }
});

/** A registry with the image of the runtime that answers each request for its manifest after 25 s. */
async function slowRegistry() {
  const { output } = await docker('info', '--format', '{{.HTTPProxy}}');
  const source = output.trim();
  if (!source) throw new Error('This check needs a Docker engine that pulls through a registry on this machine.');
  let requests = 0;
  const { endpoint, close } = await faultProxy(source, async ({ incoming, pass }) => {
    if (incoming.url?.includes('/manifests/')) {
      requests += 1;
      await sleep(PULL_MS);
    }
    await pass();
  });
  const image = `${new URL(endpoint).host}/lambda/nodejs:22`;
  return {
    image,
    requests: () => requests,
    async close() {
      await docker('rmi', image);
      await close();
    },
  };
}
