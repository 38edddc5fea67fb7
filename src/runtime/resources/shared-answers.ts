/** The response to the first request with this key; `fresh`: about as recent as a new request's response would be. */
export type Share = <T>(key: string, ask: () => Promise<T>) => { answer: Promise<T>; fresh: boolean };

/** For how many milliseconds after its arrival a response counts as fresh. */
const FRESH_MS = 100;

/** Shares one response among requests and keeps it for later ones, unless it failed. */
export function shareAnswers(now: () => number = Date.now): Share {
  const kept = new Map<string, Promise<unknown>>();
  const arrivedAt = new Map<string, number>();
  return <T>(key: string, ask: () => Promise<T>) => {
    const before = kept.get(key) as Promise<T> | undefined;
    if (before) return { answer: before, fresh: now() - (arrivedAt.get(key) ?? now()) < FRESH_MS };
    const answer = ask();
    kept.set(key, answer);
    answer.then(
      () => arrivedAt.set(key, now()),
      () => kept.delete(key),
    );
    return { answer, fresh: true };
  };
}
