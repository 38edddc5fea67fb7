import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { type ComposeProject, composeProject, EXAMPLE, needDocker, REPO } from '../support/compose-project.ts';

interface Cause {
  name: string;
  /** Changes LocalStack's service so that functions cannot start. */
  break(project: ComposeProject): Promise<void>;
  /** A word of the cause, in the hook's error. */
  says: RegExp;
  /** Undoes or corrects the change. */
  fix(project: ComposeProject): Promise<void>;
}

const environment = (variables: object) => (project: ComposeProject) => project.override({ environment: variables });
const withImage = (image: string) =>
  environment({ LAMBDA_RUNTIME_IMAGE_MAPPING: JSON.stringify({ 'nodejs22.x': image }) });
const unchanged = environment({});

const CAUSES: Cause[] = [
  {
    name: 'the Docker socket is not mounted',
    break: ({ folder }) => editCompose(folder, (text) => text.replace(/.*DOCKER_SOCKET.*\n/, '')),
    says: /Docker/,
    fix: ({ folder }) => editCompose(folder, (text) => text),
  },
  {
    name: 'LAMBDA_DOCKER_NETWORK names a network that does not exist',
    break: environment({ LAMBDA_DOCKER_NETWORK: 'no-such-network' }),
    says: /LAMBDA_DOCKER_NETWORK/,
    fix: unchanged,
  },
  {
    name: 'LAMBDA_DOCKER_NETWORK names a network that LocalStack is not on',
    break: environment({ LAMBDA_DOCKER_NETWORK: 'bridge' }),
    says: /LAMBDA_DOCKER_NETWORK/,
    fix: unchanged,
  },
  {
    name: 'LocalStack has a hostname of its own',
    break: (project) => project.override({ hostname: 'my-aws' }),
    says: /hostname/,
    fix: (project) => project.override({ hostname: 'my-aws', environment: { MAIN_CONTAINER_NAME: project.container } }),
  },
  {
    name: 'the image of the runtime does not exist',
    break: withImage('public.ecr.aws/lambda/nodejs:missing'),
    says: /image/,
    fix: unchanged,
  },
  {
    name: 'the registry of the image cannot be reached',
    break: withImage('registry.invalid/lambda/nodejs:22'),
    says: /image/,
    fix: unchanged,
  },
];

beforeAll(needDocker);

describe.concurrent('the hook names the cause, and all events arrive after the fix', () => {
  test.each(CAUSES)('$name', async ({ break: breakIt, says, fix }) => {
    const project = await composeProject();
    try {
      await project.build();
      await breakIt(project);
      expect((await project.compose('up', '--wait', 'localstack')).code).not.toBe(0);
      const [error = ''] = /ready-hooks: Function .*/.exec(await project.logs('localstack')) ?? [];
      expect(error).toContain('Function hallow-event-distributor');
      expect(error).toMatch(says);
      const doctor = await cli(['doctor', EXAMPLE, '--endpoint', project.endpoint]);
      expect(doctor.stdout).toContain('hallow-event-distributor');
      expect(doctor.code).toBe(1);

      await fix(project);
      await project.up('localstack');
      await project.delivers();
      expect(await project.functions()).not.toEqual([]);
    } finally {
      await project.remove();
    }
  });
});

/** Writes the repository's compose file to a project, edited. */
async function editCompose(folder: string, edit: (text: string) => string): Promise<void> {
  const text = await readFile(join(REPO, 'docker-compose.yml'), 'utf8');
  await writeFile(join(folder, 'docker-compose.yml'), edit(text));
}
