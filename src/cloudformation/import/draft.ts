import type { Fields } from './document.ts';
import type { RawResource } from './template.ts';

/** A definition in the making, and what there is to say of it. */
export class Draft {
  buckets: Fields = {};
  streams: Fields = {};
  functions: Fields = {};
  eventSourceMappings: Fields[] = [];
  /** What of the template is not in the definition, a text each. */
  leftOut: string[] = [];
  /** What to mind, a sentence each. */
  notes: string[] = [];
  /** Which resource made what of the definition, by kind and name or index: `buckets.orders`. */
  origins = new Map<string, RawResource>();
  /** Files of code that the template holds itself, by their path from the definition. */
  files = new Map<string, string>();
}
