import { ExpectedError } from '../../runtime/errors.ts';
import type { InstallOptions } from '../machine/installed.ts';
import { findPythons, minorOf, type Python, uvPython } from './find.ts';

/** Minor versions of Python 3; `best` is the one to download. */
interface Range {
  oldest: number;
  /** Default: any. */
  newest?: number;
  best: string;
}

/** A Python of these versions with its venv module, downloaded with uv where none is found. `name`: what needs it. */
export async function pythonWithin(
  name: string,
  { oldest, newest, best }: Range,
  { signal, onProgress }: InstallOptions,
): Promise<Python> {
  const fits = ({ version, hasVenv }: Python) => {
    const [major, minor = 0] = minorOf(version).split('.').map(Number);
    return major === 3 && minor >= oldest && minor <= (newest ?? minor) && hasVenv;
  };
  const found = (await findPythons(fits, signal)).find(fits);
  const python = found ?? (await uvPython(best, () => onProgress?.(`downloading Python ${best} with uv`), signal));
  if (python) return python;
  const versions = newest === undefined ? `3.${oldest} or newer` : `3.${oldest} to 3.${newest}`;
  throw new ExpectedError(
    `${name} needs Python ${versions} with its venv module, but none was found. Install one, or set READY_HOOKS_PYTHON to its path.`,
  );
}
