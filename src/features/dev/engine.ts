import { setTimeout as sleep } from 'node:timers/promises';
import { getOnce } from '../../runtime/engine/get-once.ts';

/** Whether an engine answers, and its session, which changes at each start; only LocalStack has one. */
export interface EngineState {
  answers: boolean;
  session?: string | undefined;
}

/** A change in an engine. `restarted` is undefined if it is unknown whether the engine restarted. */
export type EngineNews = { type: 'engine-away' } | { type: 'engine-back'; restarted?: boolean };

/** Whether the engine lost its resources. If that is unknown, it counts as lost: re-applying leaves existing resources alone. */
export const isLoss = (news: EngineNews) => news.type === 'engine-back' && news.restarted !== false;

/** The change between two states, and the state to compare the next one with. */
export function compare(before: EngineState, seen: EngineState): { known: EngineState; news?: EngineNews } {
  if (!seen.answers) {
    const known = { ...before, answers: false };
    return before.answers ? { known, news: { type: 'engine-away' } } : { known };
  }
  if (before.session !== seen.session) return { known: seen, news: { type: 'engine-back', restarted: true } };
  if (before.answers) return { known: seen };
  return { known: seen, news: { type: 'engine-back', ...(seen.session !== undefined && { restarted: false }) } };
}

const INTERVAL_MS = 1_000;
/** A busy engine takes a few seconds. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Checks once a second, until the signal, whether the engine answers and whether it has restarted. */
export async function watchEngine(endpoint: string, signal: AbortSignal, onNews: (news: EngineNews) => void) {
  let known = await readState(endpoint, signal);
  if (!known.answers && !signal.aborted) onNews({ type: 'engine-away' });
  let last = Promise.resolve();
  /** One at a time: parallel requests may be answered out of order. */
  const check = () => {
    last = last.then(async () => {
      const seen = await readState(endpoint, signal);
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
      if (!signal.aborted) await check();
    }
  })();
  return {
    /** Whether the last check was answered. */
    answers: () => known.answers,
    /** Checks again if the last check was answered. */
    async answersNow() {
      if (known.answers) await check();
      return known.answers;
    },
    /** Resolves after the signal. */
    ended,
  };
}

async function readState(endpoint: string, signal: AbortSignal): Promise<EngineState> {
  try {
    const { status, body } = await getOnce(`${endpoint}/_localstack/info`, REQUEST_TIMEOUT_MS, signal);
    const session = (body as { session_id?: unknown } | null | undefined)?.session_id;
    return { answers: status < 500, session: session === undefined ? undefined : String(session) };
  } catch {
    return { answers: false };
  }
}
