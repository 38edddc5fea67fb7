import type { Fields } from './document.ts';

/** A definition in the making, and what there is to say of it. */
export interface Draft {
  buckets: Fields;
  streams: Fields;
  functions: Fields;
  eventSourceMappings: Fields[];
  /** What of the template is not in the definition, a text each. */
  leftOut: string[];
  /** What to mind, a sentence each. */
  notes: string[];
  /** Which resource made which part of the definition. */
  origins: { path: (string | number)[]; id: string; line: number }[];
  /** Files of code that the template holds itself, by their path from the definition. */
  files: Map<string, string>;
}

export function emptyDraft(): Draft {
  return {
    buckets: {},
    streams: {},
    functions: {},
    eventSourceMappings: [],
    leftOut: [],
    notes: [],
    origins: [],
    files: new Map(),
  };
}
