/** The response to the first request with this key; `fresh`: as recent as a new request's response would be. */
export type Share = <T>(key: string, ask: () => Promise<T>) => { answer: Promise<T>; fresh: boolean };

/** Shares one response among concurrent requests and keeps it for later ones, unless it failed. */
export function shareAnswers(): Share {
  const kept = new Map<string, Promise<unknown>>();
  const pending = new Set<string>();
  return <T>(key: string, ask: () => Promise<T>) => {
    const before = kept.get(key) as Promise<T> | undefined;
    if (before) return { answer: before, fresh: pending.has(key) };
    pending.add(key);
    const answer = ask().finally(() => pending.delete(key));
    kept.set(key, answer);
    answer.catch(() => kept.delete(key));
    return { answer, fresh: true };
  };
}
