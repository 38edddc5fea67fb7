import { afterEach, expect, test } from 'vitest';
import { type ComposeProject, composeProject } from '../support/compose-project.ts';

let project: ComposeProject;
afterEach(() => project?.remove());

test('PERSISTENCE=1, which only keeps Kinesis, delivers after a restart, and LAMBDA_KEEPALIVE_MS ends idle containers only', async () => {
  project = await composeProject();
  await project.build();
  await project.override({ environment: { PERSISTENCE: '1', LAMBDA_KEEPALIVE_MS: '1000' } });
  await project.up('localstack');
  await project.delivers();
  await expect.poll(project.functions, { timeout: 20_000, interval: 500 }).toEqual([]);
  await project.delivers();
  await project.compose('restart', 'localstack');
  await project.up('localstack');
  await project.delivers();
});
