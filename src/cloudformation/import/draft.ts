import { extname } from 'node:path';
import type { Fields } from './document.ts';
import type { RawResource } from './template.ts';

export interface ImportOptions {
  /** The definition to write; never overwritten. */
  out: string;
  parameters: ReadonlyMap<string, string>;
  /** Paths of functions' code by logical id, from the current folder. */
  codes: ReadonlyMap<string, string>;
  region: string;
  account: string;
}

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

/** A definition as the text of its file; a kind without resources is left out. */
export function definitionText(definition: object, file: string): string {
  const isPresent = ([, items]: [string, unknown]) => typeof items !== 'object' || Object.keys(items ?? {}).length > 0;
  const present = Object.fromEntries(Object.entries(definition).filter(isPresent));
  const json = JSON.stringify(present, undefined, 2);
  if (extname(file) === '.json') return `${json}\n`;
  const source = json.replace(/^( *)"([A-Za-z_]\w*)": /gm, '$1$2: ');
  return `import { definePipeline } from 'localstack-ready-hooks';\n\nexport default definePipeline(${source});\n`;
}
