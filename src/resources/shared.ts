/** The answer of whoever asked first under this key; `own`: that was this call, so it is as fresh as one of its own. */
export type Share = <T>(key: string, ask: () => Promise<T>) => { answer: Promise<T>; own: boolean };

/** Keeps answers for whoever asks later. One that failed is not kept. */
export function shareAnswers(): Share {
  const kept = new Map<string, Promise<unknown>>();
  return <T>(key: string, ask: () => Promise<T>) => {
    const before = kept.get(key) as Promise<T> | undefined;
    if (before) return { answer: before, own: false };
    const answer = ask();
    kept.set(key, answer);
    answer.catch(() => kept.delete(key));
    return { answer, own: true };
  };
}
