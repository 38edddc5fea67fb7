/** The answer of whoever asked first under this key; `fresh`: it is not older than one of the caller's own would be. */
export type Share = <T>(key: string, ask: () => Promise<T>) => { answer: Promise<T>; fresh: boolean };

/** Shares answers among who asks at once, and keeps them for who asks later. One that failed is not kept. */
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
