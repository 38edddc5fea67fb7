import type { Call, Sent } from './function.ts';

export const ids = (count: number, prefix = 'r') => Array.from({ length: count }, (_, n) => ({ id: `${prefix}${n}` }));

/** How often each record was delivered. */
export function deliveries(calls: readonly Call[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { id } of calls.flatMap(({ records }) => records)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

export const missing = (sent: readonly Sent[], calls: readonly Call[]) => {
  const counts = deliveries(calls);
  return sent.filter(({ id }) => !counts.has(id));
};

export const hasAll = (sent: readonly Sent[]) => (calls: readonly Call[]) => missing(sent, calls).length === 0;

export const callsWith = (id: string, calls: readonly Call[]) =>
  calls.filter(({ records }) => records.some((record) => record.id === id));

export const sizes = (calls: readonly Call[]) => calls.map(({ records }) => records.length);

/** The records that were delivered more than once. */
export const repeated = (calls: readonly Call[]) => [...deliveries(calls).values()].filter((count) => count > 1).length;
