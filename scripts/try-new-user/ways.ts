import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../src/local/machine/port.ts';

/** A new user's empty folder, and the actions in it. */
export interface Project {
  folder: string;
  /** The packed package. */
  packed: string;
  /** A running LocalStack. */
  endpoint: string;
  /** Runs a command in the folder; throws if it fails. */
  run(command: string, ...args: string[]): Promise<string>;
  write(file: string, text: string): Promise<void>;
  /** Sends 20 events to the stream `events` and waits until each is in the bucket `events`. */
  delivers(endpoint: string): Promise<void>;
}

export interface Way {
  name: string;
  needsDocker?: true;
  /** Installs packages. Not measured: this is network time. */
  install(project: Project): Promise<unknown>;
  /** Continues until 20 of 20 events arrived, then cleans up. */
  go(project: Project): Promise<unknown>;
}

const REPO = join(import.meta.dirname, '../..');
const install = ({ run, packed }: Project, ...more: string[]) =>
  run('npm', 'install', '--no-audit', '--no-fund', packed, ...more);
const readyHooks = ({ run }: Project, ...args: string[]) => run('npx', '--no-install', 'ready-hooks', ...args);

export const WAYS: Way[] = [
  {
    name: 'init in an empty folder, LocalStack without Docker',
    install,
    async go(project) {
      await readyHooks(project, 'init', '--yes');
      await readyHooks(project, 'build');
      await upAndDown(project, 'init/ready.d');
    },
  },
  {
    name: 'init in a project with a docker-compose.yml',
    needsDocker: true,
    install,
    async go(project) {
      const port = await freePort();
      await project.write(
        'docker-compose.yml',
        `# Our services.\nservices:\n  localstack:\n    image: localstack/localstack:4.14.0 # pinned\n    ports:\n      - "127.0.0.1:${port}:4566"\n`,
      );
      await readyHooks(project, 'init', '--yes');
      await readyHooks(project, 'build');
      await composeUpAndDown(project, port);
    },
  },
  {
    name: 'ready.d without a build, LocalStack without Docker',
    install,
    async go(project) {
      await takeReadyD(project);
      await upAndDown(project, 'init/ready.d');
    },
  },
  {
    name: 'ready.d without a build and without Node, in Compose',
    needsDocker: true,
    install,
    async go(project) {
      await takeReadyD(project);
      const port = await freePort();
      await cp(join(REPO, 'templates/compose'), project.folder, { recursive: true });
      await project.run('sed', '-i', `s/127.0.0.1:4566:/127.0.0.1:${port}:/`, 'docker-compose.yml');
      await composeUpAndDown(project, port, 'localstack');
    },
  },
  {
    name: 'library call from an ES module',
    install,
    async go(project) {
      await readyHooks(project, 'init', '--yes');
      await project.write(
        'up.mjs',
        `import { applyPipeline } from 'localstack-ready-hooks';\nawait applyPipeline('init/10-events.js', { endpoint: ${JSON.stringify(project.endpoint)} });\n`,
      );
      await project.run('node', 'up.mjs');
      await deliverAndRemove(project);
    },
  },
  {
    name: "Jest's global setup, in a CommonJS project",
    install: (project) => install(project, 'jest@30.5.2'),
    async go(project) {
      await readyHooks(project, 'init', '--yes');
      await project.write(
        'global-setup.js',
        `module.exports = async () => {\n  const { applyPipeline } = await import('localstack-ready-hooks');\n  await applyPipeline('init/10-events.js', { endpoint: ${JSON.stringify(project.endpoint)} });\n};\n`,
      );
      await project.write('jest.config.js', "module.exports = { globalSetup: './global-setup.js' };\n");
      await project.write('one.test.js', "test('runs after the setup', () => undefined);\n");
      await project.run('npx', '--no-install', 'jest');
      await deliverAndRemove(project);
    },
  },
  managed('pnpm, which isolates packages', ['pnpm@12.21.0', 'pnpm'], 'exec', '--allow-build=esbuild'),
  managed('Yarn with Plug’n’Play, which has no node_modules', ['@yarnpkg/cli-dist@4.18.1', 'yarn'], 'run'),
  {
    name: 'Testcontainers, by the template, with hooks and with the library call',
    needsDocker: true,
    async install(project) {
      await install(project);
      await takeReadyD(project);
      await cp(join(REPO, 'templates/testcontainers-typescript'), project.folder, { recursive: true });
      // Its package.json replaced the one that has the package.
      await install(project, '--save-dev', '--ignore-scripts');
    },
    // Each of its tests sends one record and waits for it in the bucket.
    go: ({ run }) => run('npm', 'test'),
  },
];

/** Another package manager, at a pinned version; `word` is its subcommand that runs a package's command. */
function managed(name: string, [version, manager]: [string, string], word: string, ...more: string[]): Way {
  const by = ({ run }: Project, ...args: string[]) => run('npx', '--yes', '--package', version, manager, ...args);
  return {
    name,
    async install(project) {
      // Without a lock file, Yarn treats the folder as part of a parent project.
      if (manager === 'yarn') await project.write('yarn.lock', '');
      await by(project, 'add', '-D', ...more, project.packed, '@aws-sdk/client-s3');
    },
    async go(project) {
      for (const args of [['init', '--yes'], ['build'], ['apply', '--endpoint', project.endpoint]])
        await by(project, word, 'ready-hooks', ...args);
      await project.delivers(project.endpoint);
      const removal = ['--empty-buckets', '--endpoint', project.endpoint];
      await by(project, word, 'ready-hooks', 'destroy', 'init/10-events.js', ...removal);
    },
  };
}

/** Copies ready.d from the package; a release's ready.d.tar.gz has the same files. */
async function takeReadyD({ folder }: Project): Promise<void> {
  const packaged = join(folder, 'node_modules/localstack-ready-hooks/dist/ready.d');
  await cp(packaged, join(folder, 'init/ready.d'), { recursive: true });
}

async function upAndDown(project: Project, hooks: string): Promise<void> {
  const port = String(await freePort());
  const where = ['--port', port, '--data', join(project.folder, '.localstack')];
  try {
    await readyHooks(project, 'up', '--engine', 'localstack', '--hooks', hooks, ...where);
    await project.delivers(`http://127.0.0.1:${port}`);
  } finally {
    await readyHooks(project, 'down', '--port', port);
  }
}

async function composeUpAndDown(project: Project, port: number, ...services: string[]): Promise<void> {
  try {
    await project.run('docker', 'compose', 'up', '--wait', ...services);
    await project.delivers(`http://127.0.0.1:${port}`);
  } finally {
    await project.run('docker', 'compose', 'down', '--timeout', '3');
  }
}

async function deliverAndRemove(project: Project): Promise<void> {
  await project.delivers(project.endpoint);
  await readyHooks(project, 'destroy', 'init/10-events.js', '--empty-buckets', '--endpoint', project.endpoint);
}
