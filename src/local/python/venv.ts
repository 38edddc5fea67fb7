import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExpectedError } from '../../runtime/errors.ts';
import { CommandError } from '../machine/command.ts';
import { cacheDir } from '../machine/folders.ts';
import { fingerprint, type InstallOptions, installed } from '../machine/installed.ts';
import { hasUv, minorOf, type Python, runPython } from './find.ts';

const UV_LOCK = fileURLToPath(new URL('./locks/uv.txt', import.meta.url));

/** Packages of Python, each file by its hash. */
export interface Locked {
  /** Name for messages: `LocalStack 4.14.0`. */
  name: string;
  /** Time and disk space: `10 s and 450 MB`. */
  cost: string;
  /** A requirements file with hashes. */
  lock: string;
}

/** The Python of a virtual environment. */
export function venvPython(folder: string): string {
  return join(folder, 'bin', 'python');
}

/** Folder for the virtual environment with these packages on a Python of this minor version. */
export function venvFolder({ name, lock }: Locked, minor: string, cache = cacheDir()): string {
  return join(cache, `${name.toLowerCase().replace(' ', '-')}-py${minor}-${fingerprint(lock)}`);
}

/** Installs exactly the locked packages into a virtual environment of their own; returns its folder. */
export function installVenv(locked: Locked, python: Python, options: InstallOptions): Promise<string> {
  const { name, cost, lock } = locked;
  return installed(venvFolder(locked, minorOf(python.version)), options, async (folder) => {
    const what = `${name} for Python ${minorOf(python.version)}`;
    options.onProgress?.(`installing ${what} (once: about ${cost})`);
    try {
      await installWithUv(folder, lock, python, options);
    } catch (error) {
      if (error instanceof ExpectedError) throw error;
      options.onProgress?.(`uv failed (${(error as Error).message}); trying pip, which takes a minute or two`);
      // Much slower, but works where uv has no build or cannot reach the index that pip is configured for.
      const withPip = createVenv(python, folder, options).then(() =>
        pip(folder, ['--require-hashes', '--requirement', lock], options),
      );
      await withPip.catch((cause: unknown) => {
        if (!(cause instanceof CommandError)) throw cause;
        throw new ExpectedError(
          `Could not install ${what}: ${cause.message}. Check that this machine can reach its Python package index, and try again.`,
          { cause },
        );
      });
    }
  });
}

async function installWithUv(folder: string, lock: string, python: Python, options: InstallOptions): Promise<void> {
  const uv = await installUv(python, options);
  const settings = { signal: options.signal, cwd: folder };
  const venv = ['venv', '--quiet', '--no-project', '--python', python.path, '--allow-existing', folder];
  await runPython(uv, venv, settings);
  const from = ['--require-hashes', '--requirements', lock];
  // A few packages are source only: the same lock pins their build tools.
  const build = ['--build-constraints', lock];
  await runPython(uv, ['pip', 'install', '--quiet', '--python', venvPython(folder), ...from, ...build], settings);
}

/** uv itself, pinned, in a folder of its own; the one on PATH if this Python cannot create a virtual environment. */
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
        `run \`apt install python${minorOf(python.version)}-venv\` (Debian, Ubuntu), or set READY_HOOKS_PYTHON to another Python.`,
    );
  }
  await runPython(python.path, ['-m', 'venv', '--clear', folder], { signal });
}

async function pip(folder: string, args: string[], { signal }: InstallOptions): Promise<void> {
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  await runPython(venvPython(folder), ['-m', 'pip', 'install', ...quiet, ...args], { signal });
}
