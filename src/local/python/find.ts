import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { ExpectedError } from '../../runtime/errors.ts';
import { readdirSync, realpathSync } from '../../runtime/file-system.ts';
import { type CommandOptions, run } from '../machine/command.ts';
import type { Environment } from '../machine/folders.ts';

export interface Python {
  /** Path of the interpreter itself, not of a shim. */
  path: string;
  /** Like '3.13.0'. */
  version: string;
  /** Whether it can create virtual environments (Debian's needs python3-venv). */
  hasVenv: boolean;
}

/** '3.13.0' → '3.13' */
export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

const NAMES = ['python3.13', 'python3.12', 'python3', 'python3.11', 'python', 'python3.14', 'python3.10', 'python3.9'];

const PROBE = `import importlib.util, json, sys
has = all(importlib.util.find_spec(m) for m in ('venv', 'ensurepip'))
print(json.dumps({'path': sys.executable, 'version': '.'.join(map(str, sys.version_info[:3])), 'hasVenv': has}))`;

/** Paths that may be a Python, likeliest first: PATH, then pyenv's versions (its shims run the selected version only). */
export function candidates(env: Environment, list: (folder: string) => readonly string[]): string[] {
  const folders = pathFolders(env);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const pyenv = pyenvRoots(env).flatMap((root) =>
    list(join(root, 'versions'))
      .filter((version) => /^3\.\d+\.\d+$/.test(version))
      .sort((a, b) => b.localeCompare(a, undefined, { numeric: true }))
      .map((version) => join(root, 'versions', version, 'bin', 'python')),
  );
  return [...onPath, ...pyenv];
}

/** The candidates that exist; not all of them need run. */
export function possiblePythons(env: Environment = process.env): string[] {
  return candidates(env, list).filter((file) => existsSync(file));
}

function pathFolders(env: Environment): string[] {
  return (env['PATH'] ?? '').split(delimiter).filter(Boolean);
}

/** Possible folders of pyenv: PYENV_ROOT, the home folder, or beside its shims on PATH (under another HOME). */
function pyenvRoots(env: Environment): string[] {
  const shims = pathFolders(env).filter((folder) => basename(folder) === 'shims');
  const named = env['PYENV_ROOT'] ? [env['PYENV_ROOT']] : [];
  return [...new Set([...named, join(env['HOME'] || homedir(), '.pyenv'), ...shims.map((folder) => dirname(folder))])];
}

/** Without the variables that redirect Python, which would break the one we start. */
export function pythonEnvironment(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(PYTHON.*|VIRTUAL_ENV|__PYVENV_LAUNCHER__)$/.test(name)),
  );
}

/** Runs Python, or a tool that starts one. */
export function runPython(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return run(command, args, { env: pythonEnvironment(process.env), ...options });
}

/** For a command that may fail; rethrows an abort. */
function orUndefined(error: unknown): undefined {
  if (error instanceof ExpectedError) throw error;
}

/** Reads a Python's version; undefined if it does not run (a shim of a missing version). */
export async function probe(path: string, signal?: AbortSignal): Promise<Python | undefined> {
  const answer = await runPython(path, ['-I', '-c', PROBE], { timeoutMs: 10_000, signal }).catch(orUndefined);
  try {
    return JSON.parse(answer ?? '') as Python;
  } catch {
    return undefined;
  }
}

/**
 * All Pythons on this machine, each once, up to the first that is `enough`. If READY_HOOKS_PYTHON is set, only that one.
 */
export async function findPythons(
  enough: (python: Python) => boolean,
  signal?: AbortSignal,
  env: Environment = process.env,
): Promise<Python[]> {
  const named = env['READY_HOOKS_PYTHON'];
  const files = named ? [named] : possiblePythons(env);
  const found = new Map<string, Python>();
  for (const file of files) {
    if (found.has(file)) continue;
    const python = await probe(file, signal);
    if (!python) continue;
    found.set(existsSync(python.path) ? realpathSync(python.path) : python.path, python);
    if (enough(python)) break;
  }
  if (named && found.size === 0) {
    throw new ExpectedError(
      `READY_HOOKS_PYTHON=${named} does not run as Python; set it to one that does, or unset it.`,
    );
  }
  return [...found.values()];
}

/**
 * A Python of this version that uv has, or downloads if `onDownload` is given; undefined without uv, or if the download
 * fails.
 */
export async function uvPython(
  minor: string,
  onDownload: (() => void) | undefined,
  signal?: AbortSignal,
): Promise<Python | undefined> {
  const uv = (args: string[], timeoutMs: number) =>
    runPython('uv', ['python', ...args, minor], { signal, timeoutMs }).catch(orUndefined);
  const find = () => uv(['find', '--managed-python', '--no-python-downloads'], 10_000);
  let path = await find();
  if (path === undefined && onDownload && (await hasUv())) {
    onDownload();
    await uv(['install', '--no-bin'], 120_000);
    path = await find();
  }
  return path === undefined ? undefined : probe(path.trim(), signal);
}

export async function hasUv(): Promise<boolean> {
  return run('uv', ['--version'], { timeoutMs: 10_000 }).then(
    () => true,
    () => false,
  );
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
