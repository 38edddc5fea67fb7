import { cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Release } from './releases.ts';
import { type EngineFolders, engineFolders } from './settings.ts';

const EXECUTOR = fileURLToPath(new URL('./executor', import.meta.url));

export interface Layout extends EngineFolders {
  /** Python script that starts LocalStack with our executor. */
  startScript: string;
  logFile: string;
}

export function logFileOf(dataDir: string): string {
  return join(dataDir, 'localstack.log');
}

/** All but the logs, in a folder of a name that nobody else takes: `dataDir` may be any folder of the user's. */
function stateDir(dataDir: string): string {
  return join(dataDir, '.ready-hooks');
}

/** Removes what an engine keeps beside its log. */
export function wipe(dataDir: string): void {
  rmSync(stateDir(dataDir), { recursive: true, force: true, maxRetries: 5 });
}

/** Makes a fresh folder for an engine; the log of the last one is kept under another name. */
export function layOut(dataDir: string, kinesis: string, release: Release, hooksDir?: string): Layout {
  wipe(dataDir);
  const state = stateDir(dataDir);
  const folders = engineFolders(state);
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const logFile = logFileOf(dataDir);
  if (existsSync(logFile)) renameSync(logFile, join(dataDir, 'localstack.previous.log'));

  // A copy: Python writes its caches beside its sources, and those may be read-only, or replaced while it runs.
  const executor = join(state, 'executor');
  cpSync(EXECUTOR, executor, { recursive: true });

  const engine = join(
    folders.root,
    'var/lib/localstack/lib/kinesis-local',
    release.kinesis,
    'node_modules/kinesis-local',
  );
  mkdirSync(engine, { recursive: true });
  cpSync(join(executor, 'node', 'kinesis.cjs'), join(engine, 'main.js'));
  symlinkSync(join(kinesis, 'node_modules', 'kinesis-local'), join(engine, 'real'));
  symlinkSync(join('real', 'server.json'), join(engine, 'server.json'));

  if (hooksDir !== undefined) {
    const init = join(folders.root, 'etc/localstack/init');
    mkdirSync(init, { recursive: true });
    symlinkSync(resolve(hooksDir), join(init, 'ready.d'));
  }
  linkSdk(join(folders.tmp, 'node_modules'));
  return { ...folders, startScript: join(executor, 'start.py'), logFile };
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
