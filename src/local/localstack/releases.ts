import { InvalidInputError } from '../../runtime/errors.ts';
import { minorOf, type Python } from '../python/find.ts';

export type LocalStackVersion = '2026.3.0' | '4.14.0' | '4.8.1' | '4.2.0' | '3.8.1';

export interface Release {
  version: LocalStackVersion;
  /** Python versions on which the whole flow (Kinesis, Lambda, S3, mapping) was tested, best first. */
  pythons: readonly string[];
  /** The version of npm `kinesis-local` that this LocalStack uses (KINESIS_MOCK_VERSION in its source). */
  kinesis: string;
  /** Used only with `--version`. */
  onRequest?: boolean;
}

/** Newest first; each has its lock in locks/. 4.14.0 is the last LocalStack image that needs no account. */
export const RELEASES: readonly Release[] = [
  { version: '2026.3.0', pythons: ['3.13', '3.12'], kinesis: '0.5.2', onRequest: true },
  { version: '4.14.0', pythons: ['3.13', '3.12'], kinesis: '0.5.2' },
  { version: '4.8.1', pythons: ['3.11'], kinesis: '0.4.13' },
  { version: '4.2.0', pythons: ['3.11'], kinesis: '0.4.8', onRequest: true },
  { version: '3.8.1', pythons: ['3.11'], kinesis: '0.4.6', onRequest: true },
];

/** A release, and the Python to run it on. */
export interface Selection {
  release: Release;
  python: Python;
}

/** The releases to choose from: the requested one, or all that are not `onRequest`, newest first. */
export function eligible(version?: string): readonly Release[] {
  if (version === undefined) return RELEASES.filter((release) => !release.onRequest);
  const release = RELEASES.find((known) => known.version === version);
  if (release) return [release];
  const known = RELEASES.map((each) => each.version).join(', ');
  throw new InvalidInputError(`LocalStack ${version} is not available without Docker; expected one of ${known}.`);
}

/** The newest release that one of these Pythons can run, with its best Python; undefined if none can. */
export function newestOn(releases: readonly Release[], pythons: readonly Python[]): Selection | undefined {
  for (const release of releases) {
    for (const minor of release.pythons) {
      const fitting = pythons.filter((python) => minorOf(python.version) === minor);
      const python = fitting.find((candidate) => candidate.hasVenv) ?? fitting[0];
      if (python) return { release, python };
    }
  }
  return undefined;
}

/** The error message for a machine without a suitable Python. */
export function noPython(releases: readonly Release[], seen: readonly Python[]): string {
  const wanted = [...new Set(releases.flatMap((release) => release.pythons))].join(', ');
  const found = [...new Set(seen.map((python) => python.version))].join(', ');
  const versions = releases.map((release) => release.version).join(' or ');
  return (
    `LocalStack ${versions} needs Python ${wanted}, but ${found ? `only ${found} was found` : 'no Python was found'}. ` +
    `Install Python ${releases[0]?.pythons[0]} (python.org, your package manager, pyenv, or uv, which is used if it is on PATH), ` +
    'or set READY_HOOKS_PYTHON to the path of one.'
  );
}
