/** Compares versions number by number: `4.8.1` is before `4.14.0`, `4.14` the same as `4.14.0`. Negative: a is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let n = 0; n < Math.max(left.length, right.length); n++) {
    const difference = (left[n] ?? 0) - (right[n] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version is known and older than another. An engine that tells none is taken to be new enough. */
export function isBefore(version: string, other: string): boolean {
  return /^\d/.test(version) && compareVersions(version, other) < 0;
}

function numbers(version: string): number[] {
  return version.split(/[.:-]/).map((part) => Number.parseInt(part, 10) || 0);
}
