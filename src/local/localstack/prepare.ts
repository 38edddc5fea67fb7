import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExpectedError } from '../../runtime/errors.ts';
import { cpSync, readdirSync, readFileSync, writeFileSync } from '../../runtime/file-system.ts';
import { CommandError, run } from '../machine/command.ts';
import { fingerprint, type InstallOptions, installed } from '../machine/installed.ts';
import { PRODUCT_NAMES } from '../process/product.ts';
import { venvPython } from '../python/venv.ts';
import { engineEnvironment, engineFolders, type LocalStackLike } from './settings.ts';

const EXECUTOR = fileURLToPath(new URL('./executor', import.meta.url));

/**
 * Creates the files that are the same at every start (LocalStack's index of all AWS services, byte code …) and returns their
 * folder. The folder also holds the executor, has the layout of an engine's, and is part of the virtual environment.
 */
export function prepareLocalStack(
  venv: string,
  { version, product = 'localstack' }: { version: string; product?: LocalStackLike },
  options: InstallOptions,
): Promise<string> {
  const title = `${PRODUCT_NAMES[product]} ${version}`;
  return installed(preparedFolder(venv, version), options, async (folder) => {
    options.onProgress?.(`preparing ${title} (once: about 10 s)`);
    // A copy: Python writes its byte code beside its sources, and those may be read-only, or replaced while an engine runs.
    cpSync(EXECUTOR, executorIn(folder), { recursive: true, filter: isSource });
    renamePackage(executorIn(folder), product);
    const folders = engineFolders(folder);
    const env = engineEnvironment(process.env, { product, port: 4566, node: process.execPath, folders });
    const script = join(executorIn(folder), 'prepare.py');
    await run(venvPython(venv), [script], { cwd: folder, env, signal: options.signal }).catch((cause: unknown) => {
      if (!(cause instanceof CommandError)) throw cause;
      throw new ExpectedError(
        `Could not prepare ${title}: ${cause.message}. Delete ${venv} and try again, to reinstall it.`,
        { cause },
      );
    });
  });
}

/** LocalEmu is LocalStack with its packages and plugins under another name. */
function renamePackage(executor: string, product: LocalStackLike): void {
  if (product === 'localstack') return;
  for (const file of filesOf(executor))
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('localstack', product));
}

/** Changed scripts get a folder of their own: running engines keep theirs. */
export function preparedFolder(venv: string, version: string, executor = EXECUTOR): string {
  return join(venv, `localstack-${version}-prepared-${fingerprint(...filesOf(executor))}`);
}

/** The executor in a prepared folder. */
export function executorIn(prepared: string): string {
  return join(prepared, 'executor');
}

function filesOf(executor: string): string[] {
  return readdirSync(executor, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.endsWith('.pyc'))
    .sort();
}

function isSource(path: string): boolean {
  return basename(path) !== '__pycache__';
}
