import {
  behaviourOf,
  compareVersions,
  type LocalStackBehaviour,
} from '../../src/runtime/engine/localstack-versions.ts';

/** Other changes between LocalStack's versions, for readers of docs/compatibility.md only: no code depends on them. */
interface Surroundings {
  since: string;
  /** Major version of `node` in the image, which runs the hooks. */
  node: number;
  /** Whether LocalStack prints `Ready.` after its ready hooks have ended. */
  readyAfterHooks: boolean;
  /** Whether hooks in subfolders of ready.d run too. */
  hooksInSubfolders: boolean;
  /** Whether hooks get AWS keys, region and endpoint (localstack#11705). */
  awsEnvironmentInHooks: boolean;
}

export type VersionRow = LocalStackBehaviour & Surroundings;

const V3_0: Surroundings = {
  since: '3.0',
  node: 18,
  readyAfterHooks: false,
  hooksInSubfolders: false,
  awsEnvironmentInHooks: true,
};
const V3_5 = { ...V3_0, since: '3.5', readyAfterHooks: true };
const V3_6 = { ...V3_5, since: '3.6', hooksInSubfolders: true };
const V4_0 = { ...V3_6, since: '4.0', awsEnvironmentInHooks: false };
const V4_1 = { ...V4_0, since: '4.1' };
const V4_3 = { ...V4_0, since: '4.3' };
const V4_4 = { ...V4_0, since: '4.4' };
const V4_8 = { ...V4_0, since: '4.8', node: 22 };
const V2026_3 = { ...V4_8, since: '2026.3' };

/** Oldest first. */
export const VERSIONS: readonly VersionRow[] = [V3_0, V3_5, V3_6, V4_0, V4_1, V4_3, V4_4, V4_8, V2026_3].flatMap(
  (row) => {
    const behaviour = behaviourOf(row.since);
    return behaviour ? { ...behaviour, ...row } : [];
  },
);

/** The row of a version; undefined for one older than the table. */
export function versionRow(version: string): VersionRow | undefined {
  if (!behaviourOf(version)) return undefined;
  return VERSIONS.filter(({ since }) => compareVersions(since, version) <= 0).pop();
}

/** The first LocalStack that knows a Lambda runtime; older runtimes exist in every version of the table. */
export const RUNTIME_SINCE: Readonly<Record<string, string>> = { 'nodejs22.x': '4.0.3', 'nodejs24.x': '4.11' };

/** The Node.js that AWS SDK v3 clients require, with the first client version that requires it. */
export const SDK_NODE: readonly { since: string; node: number }[] = [
  { since: '3.0.0', node: 18 },
  { since: '3.968.0', node: 20 },
];
