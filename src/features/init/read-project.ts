import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { findAnyDefinitions } from '../../build/load/definitions.ts';
import { readdir, readFile } from '../../runtime/file-system.ts';

/** An existing text file, with its path relative to the project folder. */
export interface TextFile {
  path: string;
  text: string;
}

/** The parts of a project that `init` depends on. */
export interface Project {
  /** The definitions in init/. */
  definitions: string[];
  typescript: boolean;
  packageManager: 'npm' | 'pnpm' | 'yarn' | 'bun';
  compose?: TextFile | undefined;
  gitattributes?: string | undefined;
  gitignore?: string | undefined;
  /** Whether a file or folder exists. */
  has(path: string): boolean;
  /** Whether a package can be imported from this folder. */
  resolves(name: string): boolean;
}

/** In the order of Docker Compose. */
const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
const LOCKS = { 'pnpm-lock.yaml': 'pnpm', 'yarn.lock': 'yarn', 'bun.lock': 'bun', 'bun.lockb': 'bun' } as const;

export async function readProject(folder: string): Promise<Project> {
  const names = await readdir(folder);
  const read = async (path: string) =>
    existsSync(join(folder, path)) ? readFile(join(folder, path), 'utf8') : undefined;
  const composeFile = COMPOSE_FILES.find((name) => existsSync(join(folder, name)));
  const lock = Object.entries(LOCKS).find(([name]) => names.includes(name));
  return {
    definitions: await findAnyDefinitions(join(folder, 'init')),
    typescript: names.includes('tsconfig.json') || /"typescript"\s*:/.test((await read('package.json')) ?? ''),
    packageManager: lock?.[1] ?? 'npm',
    compose: composeFile === undefined ? undefined : { path: composeFile, text: (await read(composeFile)) ?? '' },
    gitattributes: await read('.gitattributes'),
    gitignore: await read('.gitignore'),
    has: (path) => existsSync(join(folder, path)),
    resolves: (name) => resolves(name, folder),
  };
}

function resolves(name: string, folder: string): boolean {
  try {
    createRequire(resolve(folder, 'package.json')).resolve(name);
    return true;
  } catch {
    return false;
  }
}
