import { InvalidArgumentError } from 'commander';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Milliseconds since the epoch, from a duration before `now` (`10m`) or an ISO time. A time without a zone is UTC, like all printed times. */
export function parseSince(text: string, now: number = Date.now()): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const time = unit ? now - Number(count) * UNITS[unit as keyof typeof UNITS] : parseTime(text);
  if (Number.isNaN(time))
    throw new InvalidArgumentError(
      'expected a duration such as 30s, 10m, 2h or 1d, or a time such as 2026-11-23T14:54:19Z.',
    );
  if (time > now)
    throw new InvalidArgumentError(`expected a time in the past; it is now ${new Date(now).toISOString()}.`);
  // CloudWatch Logs rejects times before 1970.
  return Math.max(0, time);
}

function parseTime(text: string): number {
  const [matched, clock, , , zone] = TIME.exec(text) ?? [];
  if (!matched) return Number.NaN;
  // ECMAScript reads a date alone as UTC, but a date with a time as local time.
  return Date.parse(clock && !zone ? `${text}Z` : text);
}
