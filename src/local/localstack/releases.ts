import { InvalidInputError } from '../../runtime/errors.ts';
import { minorOf, type Python } from '../python/find.ts';

export type LocalStackVersion = '2026.3.0' | '4.14.0' | '4.8.1' | '4.2.0' | '3.8.1';

export interface Release {
  version: LocalStackVersion;
  /** Pythons on which the whole flow (Kinesis, Lambda, S3, mapping) was seen to run, best first. */
  pythons: readonly string[];
  /** The version of npm `kinesis-local` that this LocalStack names (KINESIS_MOCK_VERSION in its source). */
  kinesis: string;
  /** Taken only when asked for by name. */
  onRequest?: boolean;
}

/** Newest first; each has its lock in locks/. 4.14.0 is the last LocalStack that needs no account. */
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

/** The releases that may be taken: the one asked for, or all that are not special, newest first. */
export function eligible(version?: string): readonly Release[] {
  if (version === undefined) return RELEASES.filter((release) => !release.onRequest);
  const release = RELEASES.find((known) => known.version === version);
  if (release) return [release];
  const known = RELEASES.map((each) => each.version).join(', ');
  throw new InvalidInputError(`LocalStack ${version} cannot be installed here; expected one of ${known}.`);
}

/** The newest release that one of these Pythons runs, with the Python it runs best on; undefined when there is none. */
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

/** The sentence for a machine without a fitting Python. */
export function noPython(releases: readonly Release[], seen: readonly Python[]): string {
  const wanted = [...new Set(releases.flatMap((release) => release.pythons))].join(', ');
  const found = [...new Set(seen.map((python) => python.version))].join(', ');
  const versions = releases.map((release) => release.version).join(' or ');
  return (
    `LocalStack ${versions} needs Python ${wanted}, but ${found ? `only ${found} was found` : 'no Python was found'}: ` +
    `install Python ${releases[0]?.pythons[0]} (python.org, your package manager, pyenv, or uv, which is used when it is on PATH), ` +
    'or name one in READY_HOOKS_PYTHON.'
  );
}
