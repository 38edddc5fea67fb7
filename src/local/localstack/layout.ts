import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Release } from './releases.ts';
import { type EngineFolders, engineFolders } from './settings.ts';

const EXECUTOR = fileURLToPath(new URL('./executor', import.meta.url));

export interface Layout extends EngineFolders {
  /** Python script that starts LocalStack with our executor. */
  startScript: string;
}

/** Fills the folder of an engine. */
export function layOut(state: string, kinesis: string, release: Release, hooksDir?: string): Layout {
  const folders = engineFolders(state);
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  // A copy: Python writes its caches beside its sources, and those may be read-only, or replaced while it runs.
  const executor = join(state, 'executor');
  cpSync(EXECUTOR, executor, { recursive: true });

  const wrapper = join(
    folders.root,
    'var/lib/localstack/lib/kinesis-local',
    release.kinesis,
    'node_modules/kinesis-local',
  );
  mkdirSync(wrapper, { recursive: true });
  cpSync(join(executor, 'node', 'kinesis.cjs'), join(wrapper, 'main.js'));
  symlinkSync(join(kinesis, 'node_modules', 'kinesis-local'), join(wrapper, 'real'));
  symlinkSync(join('real', 'server.json'), join(wrapper, 'server.json'));

  if (hooksDir !== undefined) {
    const init = join(folders.root, 'etc/localstack/init');
    mkdirSync(init, { recursive: true });
    symlinkSync(resolve(hooksDir), join(init, 'ready.d'));
  }
  linkSdk(join(folders.tmp, 'node_modules'));
  return { ...folders, startScript: join(executor, 'start.py') };
}

/**
 * Lambda offers the AWS SDK to functions that bring none. Functions are unpacked below tmp/lambda, so Node.js finds this
 * folder after their own node_modules. It holds the clients that are installed with this package.
 */
function linkSdk(nodeModules: string): void {
  const require = createRequire(import.meta.url);
  mkdirSync(nodeModules);
  for (const [scope, name] of [
    ['@aws-sdk', 'client-s3'],
    ['@smithy', 'types'],
  ] as const) {
    const found = require.resolve.paths('x')?.find((folder) => existsSync(join(folder, scope, name)));
    if (found) symlinkSync(join(found, scope), join(nodeModules, scope), 'dir');
  }
}
