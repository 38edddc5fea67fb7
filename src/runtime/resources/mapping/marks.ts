import { canonical } from '../kind.ts';

type Pattern = Record<string, unknown>;

/** Marks a record as one of ours, a probe or a fence; the wrapper in the function recognises it (src/build/pack/probe-wrapper.ts). */
export const PROBE_KEY = 'ready-hooks-probe';

const MARKS: Pattern = { kinesis: { partitionKey: [PROBE_KEY] } };
/** AWS's limit. */
const MOST_FILTERS = 5;

/** Whether marks pass these filters, once `withMarks` has added its own. */
export function passMarks(filters: readonly Pattern[]): boolean {
  return filters.length < MOST_FILTERS;
}

/** Lets marks through declared filters, where there is room for one more. */
export function withMarks(filters: Pattern[]): Pattern[] {
  return filters.length > 0 && passMarks(filters) ? [...filters, MARKS] : filters;
}

/** The declared filters. A mapping that was created without a filter for marks stays as it is. */
export function withoutMarks(filters: Pattern[]): Pattern[] {
  return filters.filter((pattern) => !isForMarks(pattern));
}

function isForMarks(pattern: Pattern): boolean {
  return canonical(pattern) === canonical(MARKS);
}
