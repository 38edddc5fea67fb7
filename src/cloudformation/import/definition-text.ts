import { extname } from 'node:path';

/** A definition as the text of its file; a kind without resources is left out. */
export function definitionText(definition: object, file: string): string {
  const isPresent = ([, items]: [string, unknown]) => typeof items !== 'object' || Object.keys(items ?? {}).length > 0;
  const present = Object.fromEntries(Object.entries(definition).filter(isPresent));
  const json = JSON.stringify(present, undefined, 2);
  if (extname(file) === '.json') return `${json}\n`;
  const source = json.replace(/^( *)"([A-Za-z_]\w*)": /gm, '$1$2: ');
  return `import { definePipeline } from 'localstack-ready-hooks';\n\nexport default definePipeline(${source});\n`;
}
