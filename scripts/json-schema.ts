// Writes schema/pipeline.schema.json, which editors read for JSON definitions: tsx scripts/json-schema.ts && npm run fix
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { VERSION } from '../src/cli/version.ts';
import { tags } from '../src/runtime/definition/aws-limits.ts';
import * as schema from '../src/runtime/definition/schema.ts';

type Node = { [key: string]: unknown };

const inputs = readFileSync(new URL('../src/runtime/definition/input.ts', import.meta.url), 'utf8');
const target = new URL('../schema/pipeline.schema.json', import.meta.url);

/** The interfaces of input.ts that describe each definition of the schema. */
const DESCRIBED_BY: Record<string, string[]> = {
  wait: ['WaitInput'],
  existing: ['ExistingInput'],
  bucketSeed: ['DirectorySeed', 'ZipSeed'],
  streamSeed: ['StreamSeedInput'],
  bucket: ['BucketInput'],
  stream: ['StreamBase', 'ProvisionedStream'],
  function: ['FunctionBase', 'EntryFunction', 'DirectoryFunction', 'ZipFunction'],
  mapping: ['MappingBase', 'MappingFromEnd', 'MappingFromTime'],
  pipeline: ['PipelineInput'],
};

const oneOf = (...names: string[]): Node => ({ oneOf: names.map((name) => ({ required: [name] })) });
const is = (name: string, value: string): Node => ({ properties: { [name]: { const: value } }, required: [name] });

/** Rules over more than one field (src/runtime/definition/rules.ts) that an editor can check too. */
const RULES: Record<string, Node> = {
  bucketSeed: oneOf('directory', 'zip'),
  bucket: {
    not: {
      properties: {
        objectOwnership: { const: 'BucketOwnerEnforced' },
        acl: { enum: ['public-read', 'public-read-write', 'authenticated-read'] },
      },
      required: ['objectOwnership', 'acl'],
    },
  },
  stream: { not: { ...is('streamMode', 'ON_DEMAND'), required: ['streamMode', 'shardCount'] } },
  function: oneOf('entry', 'directory', 'zip'),
  mapping: {
    if: is('startingPosition', 'AT_TIMESTAMP'),
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword.
    then: { required: ['startingPositionTimestamp'] },
  },
};

/** The published JSON Schema: fields, defaults and limits, with the descriptions that TypeScript users see. */
export function pipelineJsonSchema(): Node {
  const { bucket, bucketSeed, stream, streamSeed, lambda, existing, mapping, wait } = schema;
  const definitions = { bucket, bucketSeed, stream, streamSeed, function: lambda, existing, mapping, wait, tags };
  const { $schema, $defs, ...root } = toJsonSchema(schema.pipeline, {
    target: 'draft-2020-12',
    typeMode: 'input',
    // Rules that JSON Schema cannot express are checked when the definition is loaded.
    errorMode: 'ignore',
    definitions,
    // Its check for unknown keys is code.
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.type === 'loose_object' ? { ...jsonSchema, additionalProperties: false } : undefined,
    overrideAction: ({ valibotAction, jsonSchema }) => withEachPattern(valibotAction, jsonSchema as Node),
  }) as Node & { $defs: Record<string, Node> };
  for (const [name, interfaces] of Object.entries(DESCRIBED_BY)) describe($defs[name] ?? root, interfaces);
  for (const [name, rule] of Object.entries(RULES)) Object.assign($defs[name] ?? {}, rule);
  const { properties, ...rest } = root as Node & { properties: Node };
  return allowPlaceholders({
    $schema,
    // A name, not an address: the schema comes with the package.
    $id: `urn:localstack-ready-hooks:${VERSION}:pipeline`,
    title: 'localstack-ready-hooks pipeline',
    ...rest,
    properties: { $schema: { type: 'string' }, ...properties },
    $defs: { ...$defs, placeholder: { type: 'string', pattern: '\\$\\{' } },
  }) as Node;
}

/** The doc comments of an interface, by property. */
export function docsOf(interfaceName: string): Record<string, string> {
  const [, body = ''] = new RegExp(`interface ${interfaceName}\\b[^{]*{\n(.*?)\n}`, 's').exec(inputs) ?? [];
  return Object.fromEntries([...body.matchAll(/\/\*\* (.*) \*\/\n\s+(\w+)\??:/g)].map(([, doc, name]) => [name, doc]));
}

function describe(node: Node, interfaces: string[]): void {
  const docs = Object.assign({}, ...interfaces.map(docsOf));
  for (const [name, property] of Object.entries(node['properties'] as Record<string, Node>))
    property['description'] = docs[name];
}

/** A string that must match several patterns: valibot's own conversion keeps only the first. */
function withEachPattern(action: { type: string }, node: Node): Node | undefined {
  if (action.type !== 'regex') return undefined;
  const { source: pattern } = (action as unknown as { requirement: RegExp }).requirement;
  if (node['pattern'] === pattern) return undefined;
  return { ...node, allOf: [...((node['allOf'] as Node[] | undefined) ?? []), { pattern }] };
}

/** A string with an enum or a pattern may be a placeholder instead. */
function allowPlaceholders(node: unknown, key = ''): unknown {
  if (Array.isArray(node)) return node.map((item) => allowPlaceholders(item));
  if (typeof node !== 'object' || !node || key === 'propertyNames' || key === 'placeholder') return node;
  const { type, enum: values, pattern, allOf, ...rest } = node as Node;
  if (type === 'string' && (values || pattern)) {
    const form = values ? { enum: values } : { pattern, ...(allOf ? { allOf } : {}) };
    return { ...rest, anyOf: [{ type, ...form }, { $ref: '#/$defs/placeholder' }] };
  }
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, allowPlaceholders(value, name)]));
}

if (import.meta.filename === process.argv[1]) {
  mkdirSync(new URL('.', target), { recursive: true });
  writeFileSync(target, `${JSON.stringify(pipelineJsonSchema(), null, 2)}\n`);
}
