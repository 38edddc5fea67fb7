// Writes the tables of docs/definition.md from the JSON Schema: npm run schema
import { readFileSync, writeFileSync } from 'node:fs';
import { pipelineJsonSchema } from './json-schema.ts';

interface Node {
  type?: string;
  const?: unknown;
  enum?: string[];
  anyOf?: Node[];
  $ref?: string;
  items?: Node;
  description?: string;
  properties?: Record<string, Node>;
  required?: string[];
  $defs?: Record<string, Node>;
}

const SECTIONS = [
  'pipeline',
  'bucket',
  'stream',
  'function',
  'mapping',
  'bucketSeed',
  'streamSeed',
  'existing',
  'wait',
];
/** Settings that several tables would repeat; the page explains each in its own section. */
const SHARED = { in: ['bucket', 'stream', 'function', 'mapping'], settings: ['existing', 'wait'] };
const PAGE = new URL('../docs/definition.md', import.meta.url);

/** docs/definition.md, with the table of its section after each `<!-- settings: NAME -->`. */
export function definitionPage(page = readFileSync(PAGE, 'utf8')): string {
  const { $defs = {}, ...pipeline } = pipelineJsonSchema() as Node;
  const nodes: Record<string, Node> = { ...$defs, pipeline };
  const documented = [...SECTIONS, 'tags', 'placeholder'];
  const missing = Object.keys($defs).filter((name) => !documented.includes(name));
  if (missing.length > 0) throw new Error(`docs/definition.md has no section for ${missing.join(', ')}`);
  return SECTIONS.reduce((text, name) => {
    const table = tableOf(nodes[name] ?? {}, SHARED.in.includes(name) ? SHARED.settings : []);
    return text.replace(new RegExp(`(<!-- settings: ${name} -->\n)[\\s\\S]*?(\n<!-- end -->)`), (_, open, close) =>
      [open, table, close].join(''),
    );
  }, page);
}

function tableOf({ properties = {} }: Node, omitted: readonly string[]): string {
  const rows = Object.entries(properties)
    .filter(([name]) => name !== '$schema' && !omitted.includes(name))
    .map(([name, node]) => `| \`${name}\` | ${cell(wordsFor(node))} | ${cell(node.description ?? '')} |`);
  return ['| setting | value | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** The values that a setting accepts, in a word or two. */
function wordsFor(node: Node): string {
  const options = node.anyOf?.filter(({ $ref }) => $ref !== '#/$defs/placeholder');
  if (options) return options.map(wordsFor).join(' or ');
  if (node.$ref === '#/$defs/wait') return '[wait](#waiting)';
  if (node.$ref?.endsWith('Seed')) return '[seed](#seeds)';
  if (node.$ref === '#/$defs/tags') return 'strings by key';
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum) return node.enum.length > 8 ? 'string' : node.enum.map((word) => `\`${word}\``).join(' ');
  if (node.properties) return `{ ${Object.keys(node.properties).join(', ')} }`;
  if (node.type === 'array') return 'list';
  if (node.type === 'object') return 'object';
  const word = { integer: 'integer', boolean: '`true` `false`', string: 'string' }[node.type ?? ''];
  if (!word) throw new Error(`docs/definition.md has no words for ${JSON.stringify(node)}`);
  return word;
}

const cell = (text: string) => text.replaceAll('|', '\\|');

if (import.meta.filename === process.argv[1]) writeFileSync(PAGE, definitionPage());
