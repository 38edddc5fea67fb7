import { existsSync } from 'node:fs';
import { ExpectedError } from '../../runtime/errors.ts';
import { type InstallOptions, isInstalled } from '../machine/installed.ts';
import { findPythons, minorOf, type Python, probe, uvPython } from '../python/find.ts';
import { venvPython } from '../python/venv.ts';
import { localstackFolder } from './install.ts';
import { eligible, newestOn, noPython, type Release, type Selection } from './releases.ts';

/** Chooses LocalStack and Python: an installed pair, otherwise the newest LocalStack that a Python on this machine can run. */
export async function select(version: string | undefined, options: InstallOptions): Promise<Selection> {
  const releases = eligible(version);
  const [newest] = releases;
  const best = newest?.pythons[0];
  if (!newest || !best) throw new ExpectedError(noPython(releases, []));
  const named = process.env['READY_HOOKS_PYTHON'] !== undefined;
  const present = named ? undefined : await installedRelease([newest]);
  if (present) return present;

  const fits = (python: Python) => newest.pythons.includes(minorOf(python.version)) && python.hasVenv;
  const pythons = await findPythons(fits, options.signal);
  const selected = newestOn(releases, pythons);
  if (selected?.release === newest || named) return orThrow(selected, releases, pythons);

  const older = await installedRelease(releases);
  // Try a download at most once: not if an earlier try ended with an older LocalStack.
  const onDownload = older ? undefined : () => options.onProgress?.(`downloading Python ${best} with uv`);
  const brought = await uvPython(best, onDownload, options.signal);
  if (brought) return orThrow(newestOn(releases, [brought]), releases, pythons);
  return older ?? orThrow(selected, releases, pythons);
}

function orThrow(selected: Selection | undefined, releases: readonly Release[], seen: readonly Python[]): Selection {
  if (selected) return selected;
  throw new ExpectedError(noPython(releases, seen));
}

/** A complete installation whose Python still runs: then there is no need to search for a Python. */
async function installedRelease(releases: readonly Release[]): Promise<Selection | undefined> {
  for (const release of releases) {
    for (const minor of release.pythons) {
      const folder = localstackFolder(release, minor);
      const python = isInstalled(folder) && existsSync(venvPython(folder)) && (await probe(venvPython(folder)));
      if (python) return { release, python };
    }
  }
  return undefined;
}
