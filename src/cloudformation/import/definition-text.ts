import { extname } from 'node:path';
import { parsePipeline } from '../../runtime/definition/check.ts';

/** A definition as the text of its file; what is the default is left out. */
export function definitionText(definition: object, file: string): string {
  const short = withoutDefaults(definition);
  if (extname(file) === '.json') return `${JSON.stringify(short, undefined, 2)}\n`;
  return `import { definePipeline } from 'localstack-ready-hooks';\n\nexport default definePipeline(${source(short, '')});\n`;
}

/** Settings that a reader looks for first, also where they are the default. */
const ALWAYS = ['startingPosition', 'shardCount', 'runtime'];

function withoutDefaults(definition: object): object {
  const shortened = Object.entries(definition).map(([kind, items]) => {
    const short = (item: object) => without(item, DEFAULTS[kind] ?? {});
    if (typeof items !== 'object') return [kind, items];
    if (Array.isArray(items)) return [kind, items.map(short)];
    return [kind, Object.fromEntries(Object.entries(items as object).map(([name, item]) => [name, short(item)]))];
  });
  return Object.fromEntries(
    shortened.filter(([, items]) => typeof items !== 'object' || Object.keys(items).length > 0),
  );
}

function without(item: object, defaults: object): object {
  const isDefault = ([key, value]: [string, unknown]) =>
    !ALWAYS.includes(key) && JSON.stringify(value) === JSON.stringify((defaults as Record<string, unknown>)[key]);
  return Object.fromEntries(Object.entries(item).filter((entry) => !isDefault(entry)));
}

/** The defaults of each kind, as the schema fills them in. */
const DEFAULTS: Record<string, object> = (() => {
  const { buckets, streams, functions, eventSourceMappings } = parsePipeline(
    {
      buckets: { aaa: {} },
      streams: { aaa: {} },
      functions: { aaa: { zip: 'aaa' } },
      eventSourceMappings: [{ stream: 'aaa', function: 'aaa', startingPosition: 'LATEST' }],
    },
    'the defaults',
  );
  return {
    buckets: buckets['aaa'] ?? {},
    streams: streams['aaa'] ?? {},
    functions: functions['aaa'] ?? {},
    eventSourceMappings: eventSourceMappings[0] ?? {},
  };
})();

/** A value as TypeScript: like JSON, with plain keys and single quotes. */
function source(value: unknown, indent: string): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const isList = Array.isArray(value);
  const items = isList
    ? value.map((item) => source(item, `${indent}  `))
    : Object.entries(value).map(
        ([key, item]) => `${/^[A-Za-z_]\w*$/.test(key) ? key : quoted(key)}: ${source(item, `${indent}  `)}`,
      );
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (items.length === 0) return open + close;
  const line = isList ? `[${items.join(', ')}]` : `{ ${items.join(', ')} }`;
  if (indent !== '' && line.length < 80 && !line.includes('\n')) return line;
  return `${open}\n${items.map((item) => `${indent}  ${item},\n`).join('')}${indent}${close}`;
}

const quoted = (text: string) => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
