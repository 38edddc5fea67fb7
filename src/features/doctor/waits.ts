import { type Finding, type FindingSubject, finding, iso } from './catalog.ts';
import type { Facts, FunctionFacts, LogEvent, MappingFacts } from './facts.ts';

/** A pause starts at 0.5 or 2 s and grows to 60 s, each up to half as long again (LocalStack 4.14.0). */
const LONGEST_MS = 90_000;
const FIX = 'wait: it goes on by itself after 90 s at most';

/** A function that failed on every call until its last update: the poller retries the batch only after its pause. */
export function waitsAfterCall(seen: FunctionFacts, { engine, readAt }: Facts): Finding | undefined {
  const { name, modifiedAt, recentCalls } = seen;
  if (!['localstack', 'localemu'].includes(engine.product) || !recentCalls || modifiedAt === undefined)
    return undefined;
  const { at, calls, errors, lastError } = recentCalls;
  if (calls === 0 || errors < calls || readAt - modifiedAt > LONGEST_MS) return undefined;
  return finding(
    'RH123',
    { label: `function ${name}`, kind: 'function', ref: { name } },
    `The function ${name} failed on every call until its last update; the poller calls it again only after a pause that grows to a minute.`,
    `the last failed call at ${iso(lastError?.at ?? at)}, the update at ${iso(modifiedAt)}, and no call since`,
    FIX,
  );
}

/** A poller that could not read its stream, such as one created before the stream. */
export function waitsAfterPoll(
  { stream: { arn } }: MappingFacts,
  { log, readAt }: Facts,
  subject: FindingSubject,
): Finding | undefined {
  const failed = log?.events.filter((event) => event.type === 'poll-failed').filter((event) => event.arn === arn) ?? [];
  const [last] = failed.slice(-1);
  if (!last || !isRecent(last, readAt)) return undefined;
  return finding(
    'RH123',
    subject,
    `The stream is ACTIVE, but the poller failed ${failed.length} times and reads it again only after a pause that grows to a minute.`,
    `${log?.file}: ${last.line}`,
    FIX,
  );
}

/** The log's time is local to the engine: that of this machine, or UTC in a container. */
function isRecent({ at }: Extract<LogEvent, { type: 'poll-failed' }>, readAt: number): boolean {
  return [at, `${at}Z`].some((time) => Math.abs(readAt - Date.parse(time)) <= LONGEST_MS);
}
