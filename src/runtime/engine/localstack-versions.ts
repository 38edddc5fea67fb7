import { engineName } from './detect.ts';
import type { Engine } from './engine.ts';

/** The behaviour of a range of LocalStack versions, as data for the warnings of apply and the checks of doctor. */
export interface LocalStackBehaviour {
  /** The first version of the range, which ends before the next row's. */
  since: string;
  /** What CreateEventSourceMapping does if the stream does not exist (localstack#12141, #12297). */
  missingStream: 'accepted' | 'rejected';
  /** Whether MaximumBatchingWindowInSeconds is honoured. */
  batchingWindow: boolean;
  /** Whether MaximumRecordAgeInSeconds is honoured. */
  recordAge: boolean;
  /** Whether batches that are given up are reported to a bucket. */
  bucketDestination: boolean;
  /**
   * Empty polls back off to 10 s without new iterators: after idle minutes, single records are lost. Seen on 4.2.0 but not
   * on 4.14.0; 4.3 removed that back-off (localstack#12415).
   */
  losesRecordsWhenIdle: boolean;
  /** Conditions of filters that match no record or stop the poller; see filters.ts. Default: none. */
  unmatchedConditions?: readonly string[];
  /** Whether the image requires LOCALSTACK_AUTH_TOKEN. */
  tokenNeeded: boolean;
}

const V3_0: LocalStackBehaviour = {
  since: '3.0',
  missingStream: 'accepted',
  batchingWindow: false,
  recordAge: false,
  bucketDestination: false,
  losesRecordsWhenIdle: true,
  unmatchedConditions: [
    ...['$or', 'suffix', 'equals-ignore-case', 'cidr', 'wildcard', 'null'],
    ...['prefix of a condition', 'suffix of a condition'],
  ],
  tokenNeeded: false,
};
const V4_0: LocalStackBehaviour = { ...V3_0, since: '4.0', unmatchedConditions: ['anything-but of a condition'] };
const V4_1 = { ...V4_0, since: '4.1', bucketDestination: true };
const V4_3: LocalStackBehaviour = {
  ...V4_1,
  since: '4.3',
  missingStream: 'rejected',
  batchingWindow: true,
  losesRecordsWhenIdle: false,
};
const V4_4 = { ...V4_3, since: '4.4', recordAge: true };
/** Seen on 4.8.1 but not on 4.14.0. */
const V4_9 = { ...V4_4, since: '4.9', unmatchedConditions: [] };
const V2026_3 = { ...V4_9, since: '2026.3', tokenNeeded: true };

/** Oldest first; each row has the changes since the one before. */
export const LOCALSTACK: readonly LocalStackBehaviour[] = [V3_0, V4_0, V4_1, V4_3, V4_4, V4_9, V2026_3];

/** The last image that needs no token, and the day from which `latest` needs one. */
export const LAST_WITHOUT_TOKEN = '4.14.0';
export const TOKEN_SINCE = '2026-03-23';

/** The behaviour of a LocalStack version; undefined if it is unknown or older than the table. */
export function behaviourOf(version: string): LocalStackBehaviour | undefined {
  if (!/^\d/.test(version)) return undefined;
  return LOCALSTACK.filter(({ since }) => compareVersions(since, version) <= 0).pop();
}

/** The oldest LocalStack on which this project's event source mappings were seen to work. */
const OLDEST = LOCALSTACK[0]?.since ?? '';

/** Why nothing can work on this engine, checked before anything is created. */
export function unsupportedEngine(engine: Pick<Engine, 'product' | 'version'>): string | undefined {
  if (engine.product !== 'localstack' || !isBefore(engine.version, OLDEST)) return undefined;
  return `${engineName(engine)} is older than ${OLDEST}, whose Lambda provider ready-hooks needs: use a newer image, such as localstack/localstack:4.14.0.`;
}

/** Whether CreateBucket stores tags. LocalStack 4.2.0 rejects them as malformed; 4.14.0, LocalEmu and MiniStack were seen to store them. */
export function tagsNewBuckets({ product, version }: Pick<Engine, 'product' | 'version'>): boolean {
  return product === 'localstack' ? !isBefore(version, '4.14.0') : product !== 'floci';
}

/** Compares versions number by number: `4.8.1` is before `4.14.0`, `4.14` the same as `4.14.0`. Negative: a is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let n = 0; n < Math.max(left.length, right.length); n++) {
    const difference = (left[n] ?? 0) - (right[n] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version is known and older than another. An unknown version counts as new enough. */
export function isBefore(version: string, other: string): boolean {
  return /^\d/.test(version) && compareVersions(version, other) < 0;
}

function numbers(version: string): number[] {
  return version.split(/[.:-]/).map((part) => Number.parseInt(part, 10) || 0);
}
