import { expect, test } from 'vitest';
import { composeProject, docker, needDocker } from '../support/compose-project.ts';

// A LocalStack of its own: the address of the removed container goes to the next one, which may be another function's.
test('the next events arrive after the container of the function was removed by hand', async () => {
  await needDocker();
  const project = await composeProject();
  try {
    await project.build();
    await project.up('localstack');
    const containers = await project.functions();
    expect((await docker('rm', '--force', ...containers)).code).toBe(0);
    // The kernel may try for more than two minutes to reach the removed container; then the call fails, and is sent again.
    await project.delivers({ timeoutMs: 240_000 });
    expect(await project.functions()).not.toEqual(containers);
  } finally {
    await project.remove();
  }
}, 300_000);
