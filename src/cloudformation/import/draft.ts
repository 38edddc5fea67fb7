import { extname } from 'node:path';
import type { Fields } from './document.ts';
import type { RawResource } from './template.ts';

export interface ImportOptions {
  /** The definition to write; an existing file is never overwritten. */
  out: string;
  parameters: ReadonlyMap<string, string>;
  /** Paths of functions' code by logical id, relative to the current folder. */
  codes: ReadonlyMap<string, string>;
  region: string;
  account: string;
}

/** A definition under construction, and the messages about it. */
export class Draft {
  buckets: Fields = {};
  streams: Fields = {};
  functions: Fields = {};
  eventSourceMappings: Fields[] = [];
  /** Parts of the template that the definition leaves out, one string each. */
  leftOut: string[] = [];
  /** Things to check, one sentence each. */
  notes: string[] = [];
  /** The template's resource behind each part of the definition, by kind and name or index: `buckets.orders`. */
  origins = new Map<string, RawResource>();
  /** Files for the template's inline code, by path relative to the definition. */
  files = new Map<string, string>();
}

/** The text of a definition's file. Omits kinds without resources. */
export function definitionText(definition: object, file: string): string {
  const isPresent = ([, items]: [string, unknown]) => typeof items !== 'object' || Object.keys(items ?? {}).length > 0;
  const present = Object.fromEntries(Object.entries(definition).filter(isPresent));
  const json = JSON.stringify(present, undefined, 2);
  if (extname(file) === '.json') return `${json}\n`;
  const source = json.replace(/^( *)"([A-Za-z_]\w*)": /gm, '$1$2: ');
  return `import { definePipeline } from 'localstack-ready-hooks';\n\nexport default definePipeline(${source});\n`;
}
