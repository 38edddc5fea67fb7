import { InvalidArgumentError } from 'commander';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Milliseconds since the epoch of so long before `now`, like `10m`, or of an ISO time; one without a zone is UTC, as what is printed is. */
export function parseSince(text: string, now: number = Date.now()): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const time = unit ? now - Number(count) * UNITS[unit as keyof typeof UNITS] : parseTime(text);
  if (Number.isNaN(time))
    throw new InvalidArgumentError(
      'expected how long ago, such as 30s, 10m, 2h or 1d, or a time such as 2026-11-23T14:54:19Z.',
    );
  if (time > now)
    throw new InvalidArgumentError(`expected a time before now, which is ${new Date(now).toISOString()}.`);
  // CloudWatch Logs refuses what is before 1970.
  return Math.max(0, time);
}

function parseTime(text: string): number {
  const [matched, clock, , , zone] = TIME.exec(text) ?? [];
  if (!matched) return Number.NaN;
  // ECMAScript takes a date alone for UTC, and with a clock for the zone of this machine.
  return Date.parse(clock && !zone ? `${text}Z` : text);
}
