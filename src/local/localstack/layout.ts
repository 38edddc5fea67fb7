import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpSync, mkdirSync, symlinkSync } from '../../runtime/file-system.ts';
import type { Launch, LaunchOptions } from '../process/product.ts';
import { type Python, possiblePythons } from '../python/find.ts';
import { venvPython } from '../python/venv.ts';
import { executorIn } from './prepare.ts';
import type { Release } from './releases.ts';
import { type EngineFolders, engineEnvironment, engineFolders, type LocalStackLike } from './settings.ts';

const KINESIS_SCRIPT = fileURLToPath(new URL('./executor/node/kinesis.cjs', import.meta.url));

/** An installation: `venv` and `prepared` are folders that engines only read. */
export interface Parts {
  product: LocalStackLike;
  version: string;
  python: Python;
  venv: string;
  prepared: string;
}

/** Fills the folder of an engine. */
export function layOut(
  { product, version, python, venv, prepared }: Parts,
  { port, stateDir, hooksDir, env: extra }: LaunchOptions,
): Launch {
  const folders = engineFolders(stateDir);
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  copyCaches(product, engineFolders(prepared), folders);
  if (hooksDir !== undefined) {
    const init = join(folders.root, 'etc', product, 'init');
    mkdirSync(init, { recursive: true });
    symlinkSync(resolve(hooksDir), join(init, 'ready.d'));
  }
  linkSdk(join(folders.tmp, 'node_modules'));
  return {
    version,
    pythonVersion: python.version,
    command: [venvPython(venv), join(executorIn(prepared), 'start.py')],
    cwd: folders.root,
    env: engineEnvironment(process.env, {
      product,
      port,
      node: process.execPath,
      pythons: possiblePythons(),
      folders,
      extra,
    }),
  };
}

/** The engine's cache (the index of services) and the one in the home folder (plux's index of plugins). */
function copyCaches(product: LocalStackLike, from: EngineFolders, to: EngineFolders): void {
  const caches = ({ root, home }: EngineFolders) => [join(root, 'var/lib', product, 'cache'), join(home, '.cache')];
  const targets = caches(to);
  for (const [index, cache] of caches(from).entries()) cpSync(cache, targets[index] ?? '', { recursive: true });
}

/**
 * Lambda provides the AWS SDK to functions that don't bundle it. Functions are unpacked below tmp/lambda, so Node.js finds
 * this folder after their own node_modules. It holds the clients that are installed with this package.
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

/** Puts the Kinesis engine where this LocalStack expects it, behind our own start script; returns its folder. */
export function layOutKinesis(root: string, release: Release, kinesis: string): string {
  const folder = join(root, 'var/lib/localstack/lib/kinesis-local', release.kinesis, 'node_modules/kinesis-local');
  mkdirSync(folder, { recursive: true });
  cpSync(KINESIS_SCRIPT, join(folder, 'main.js'));
  symlinkSync(join(kinesis, 'node_modules', 'kinesis-local'), join(folder, 'real'));
  symlinkSync(join('real', 'server.json'), join(folder, 'server.json'));
  return folder;
}
