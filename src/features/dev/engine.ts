import { setTimeout as sleep } from 'node:timers/promises';
import { getOnce } from '../../runtime/engine/get-once.ts';

/** What a look at an engine gave: whether it answers, and the session it tells, which each start makes anew; only LocalStack tells one. */
export interface Look {
  answers: boolean;
  session?: string | undefined;
}

/** What has become of an engine. `startedAnew` is left out where it cannot be told. */
export type EngineNews = { type: 'engine-away' } | { type: 'engine-back'; startedAnew?: boolean };

/** What a look tells that the one before did not, and what the next is compared with. */
export function compare(before: Look, seen: Look): { known: Look; news?: EngineNews } {
  if (!seen.answers) {
    const known = { ...before, answers: false };
    return before.answers ? { known, news: { type: 'engine-away' } } : { known };
  }
  if (before.session !== seen.session) return { known: seen, news: { type: 'engine-back', startedAnew: true } };
  if (before.answers) return { known: seen };
  return { known: seen, news: { type: 'engine-back', ...(seen.session !== undefined && { startedAnew: false }) } };
}

const INTERVAL_MS = 1_000;
/** A busy engine takes some seconds. */
const REQUEST_TIMEOUT_MS = 10_000;

export interface EngineWatch {
  /** Whether it answered when it was last looked at. */
  answers(): boolean;
  /** Looks now. */
  look(): Promise<void>;
  /** Resolves when it has been stopped. */
  ended: Promise<void>;
}

/** Looks once a second whether the engine answers, and whether it is still the one that answered before; until the signal. */
export async function watchEngine(
  endpoint: string,
  signal: AbortSignal,
  onNews: (news: EngineNews) => void,
): Promise<EngineWatch> {
  let known = await lookAt(endpoint, signal);
  if (!known.answers && !signal.aborted) onNews({ type: 'engine-away' });
  let last = Promise.resolve();
  /** One after the other: of two at once, the one that was answered later need not have been sent later. */
  const look = () => {
    last = last.then(async () => {
      const seen = await lookAt(endpoint, signal);
      if (signal.aborted) return;
      const compared = compare(known, seen);
      known = compared.known;
      if (compared.news) onNews(compared.news);
    });
    return last;
  };
  const ended = (async () => {
    while (!signal.aborted) {
      await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await look();
    }
  })();
  return { answers: () => known.answers, look, ended };
}

async function lookAt(endpoint: string, signal: AbortSignal): Promise<Look> {
  try {
    const { status, body } = await getOnce(`${endpoint}/_localstack/info`, REQUEST_TIMEOUT_MS, signal);
    return { answers: status < 500, session: sessionIn(body) };
  } catch {
    return { answers: false };
  }
}

function sessionIn(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'session_id' in body ? String(body.session_id) : undefined;
}
