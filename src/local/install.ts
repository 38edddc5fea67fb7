import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExpectedError } from '../errors.ts';
import { CommandError, run } from './command.ts';
import { cacheDir, shipped } from './folders.ts';
import { fingerprint, type InstallOptions, installed } from './installed.ts';
import { hasUv, type Python, pythonEnvironment } from './python.ts';
import { type Choice, minorOf, type Release } from './releases.ts';

const UV_LOCK = shipped('locks/uv.txt');

/** Folder of the virtual environment with this LocalStack on a Python of this minor version, installed or not. */
export function localstackFolder(release: Release, minor: string, cache = cacheDir()): string {
  return join(cache, `localstack-${release.version}-py${minor}-${fingerprint(localstackLock(release))}`);
}

function localstackLock(release: Release): string {
  return shipped(`locks/localstack-${release.version}.txt`);
}

/** The Python of a virtual environment. */
export function venvPython(folder: string): string {
  return join(folder, 'bin', 'python');
}

/** Installs LocalStack exactly as its lock says (every file by its hash); returns the folder. */
export function installLocalStack({ release, python }: Choice, options: InstallOptions): Promise<string> {
  const lock = localstackLock(release);
  return installed(localstackFolder(release, minorOf(python.version)), options, async (folder) => {
    const what = `LocalStack ${release.version} for Python ${minorOf(python.version)}`;
    options.onProgress?.(`installing ${what} (once: about 10 s and 450 MB)`);
    try {
      await installWithUv(folder, lock, python, options);
    } catch (error) {
      if (error instanceof ExpectedError) throw error;
      options.onProgress?.(
        `uv could not install it (${(error as Error).message}); trying pip, which takes a minute or two`,
      );
      await installWithPip(folder, lock, python, options).catch((cause: unknown) => {
        if (!(cause instanceof CommandError)) throw cause;
        throw new ExpectedError(
          `${what} could not be installed: ${cause.message}; check that this machine reaches its Python package index, and try again.`,
          { cause },
        );
      });
    }
  });
}

async function installWithUv(folder: string, lock: string, python: Python, options: InstallOptions): Promise<void> {
  const uv = await installUv(python, options);
  const settings = { signal: options.signal, env: pythonEnvironment(process.env), cwd: folder };
  await run(uv, ['venv', '--quiet', '--no-project', '--python', python.path, '--allow-existing', folder], settings);
  const from = ['--require-hashes', '--requirements', lock];
  // A few packages come as source only: what builds them is held by the same lock.
  const build = ['--build-constraints', lock];
  await run(uv, ['pip', 'install', '--quiet', '--python', venvPython(folder), ...from, ...build], settings);
}

/** Slower by far, for where uv has no build or does not reach the index that pip is set up for. */
async function installWithPip(folder: string, lock: string, python: Python, options: InstallOptions): Promise<void> {
  await createVenv(python, folder, options);
  await pip(folder, ['--require-hashes', '--requirement', lock], options);
}

/** uv itself, pinned, in a folder of its own; the one on PATH where this Python cannot make a virtual environment. */
async function installUv(python: Python, options: InstallOptions): Promise<string> {
  if (!python.hasVenv && (await hasUv())) return 'uv';
  const folder = await installed(join(cacheDir(), `uv-${fingerprint(UV_LOCK)}`), options, async (target) => {
    await createVenv(python, target, options);
    await pip(target, ['--require-hashes', '--only-binary', ':all:', '--requirement', UV_LOCK], options);
  });
  return join(folder, 'bin', 'uv');
}

async function createVenv(python: Python, folder: string, { signal }: InstallOptions): Promise<void> {
  if (!python.hasVenv) {
    throw new ExpectedError(
      `Python ${python.version} (${python.path}) lacks its venv module: ` +
        `run \`apt install python${minorOf(python.version)}-venv\` (Debian, Ubuntu), or name another Python in READY_HOOKS_PYTHON.`,
    );
  }
  await run(python.path, ['-m', 'venv', '--clear', folder], { signal, env: pythonEnvironment(process.env) });
}

async function pip(folder: string, args: string[], { signal }: InstallOptions): Promise<void> {
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  const env = pythonEnvironment(process.env);
  await run(venvPython(folder), ['-m', 'pip', 'install', ...quiet, ...args], { signal, env });
}

/** Installs the Kinesis engine that this LocalStack would else fetch, unpinned, at the first call; returns its folder. */
export function installKinesis(release: Release, options: InstallOptions): Promise<string> {
  const locks = shipped(`locks/kinesis-local-${release.kinesis}`);
  const files = ['package.json', 'package-lock.json'].map((name) => join(locks, name));
  const target = join(cacheDir(), `kinesis-local-${release.kinesis}-${fingerprint(...files)}`);
  return installed(target, options, async (folder) => {
    options.onProgress?.(`installing the Kinesis engine ${release.kinesis} (once)`);
    for (const [index, name] of ['package.json', 'package-lock.json'].entries()) {
      copyFileSync(files[index] ?? '', join(folder, name));
    }
    const args = ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` };
    await run('npm', args, { cwd: folder, env, signal: options.signal }).catch((cause: unknown) => {
      if (!(cause instanceof CommandError)) throw cause;
      throw new ExpectedError(
        `The Kinesis engine (npm kinesis-local ${release.kinesis}) could not be installed: ${cause.message}; ` +
          'check that this machine reaches its npm registry, and try again.',
        { cause },
      );
    });
  });
}
