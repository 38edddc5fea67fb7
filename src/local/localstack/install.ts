import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExpectedError } from '../../runtime/errors.ts';
import { copyFileSync } from '../../runtime/file-system.ts';
import { CommandError, run } from '../machine/command.ts';
import { cacheDir } from '../machine/folders.ts';
import { fingerprint, type InstallOptions, installed } from '../machine/installed.ts';
import { installVenv, type Locked, venvFolder } from '../python/venv.ts';
import type { Release, Selection } from './releases.ts';

const shipped = (name: string) => fileURLToPath(new URL(`./locks/${name}`, import.meta.url));

function packages({ version }: Release): Locked {
  return { name: `LocalStack ${version}`, cost: '10 s and 450 MB', lock: shipped(`localstack-${version}.txt`) };
}

/** Folder of the virtual environment with this LocalStack on a Python of this minor version, installed or not. */
export function localstackFolder(release: Release, minor: string): string {
  return venvFolder(packages(release), minor);
}

export function installLocalStack({ release, python }: Selection, options: InstallOptions): Promise<string> {
  return installVenv(packages(release), python, options);
}

/** Installs the Kinesis engine, which LocalStack would otherwise fetch, unpinned, at the first call; returns its folder. */
export function installKinesis(release: Release, options: InstallOptions): Promise<string> {
  const locks = shipped(`kinesis-local-${release.kinesis}`);
  const files = ['package.json', 'package-lock.json'].map((name) => join(locks, name));
  const target = join(cacheDir(), `kinesis-local-${release.kinesis}-${fingerprint(...files)}`);
  return installed(target, options, async (folder) => {
    options.onProgress?.(`installing the Kinesis engine ${release.kinesis} (once)`);
    for (const file of files) copyFileSync(file, join(folder, basename(file)));
    const args = ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` };
    await run('npm', args, { cwd: folder, env, signal: options.signal }).catch((cause: unknown) => {
      if (!(cause instanceof CommandError)) throw cause;
      throw new ExpectedError(
        `Could not install the Kinesis engine (npm kinesis-local ${release.kinesis}): ${cause.message}. ` +
          'Check that this machine can reach its npm registry, and try again.',
        { cause },
      );
    });
  });
}
