import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { textOf } from '../../runtime/definition/messages.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { readFile, stat } from '../../runtime/file-system.ts';

export type Fields = Record<string, unknown>;

/** A template as plain data, in which `!Sub x` is `{ 'Fn::Sub': 'x' }`, with the line of each of its maps and lists. */
export interface Source {
  file: string;
  root: unknown;
  /** The line where a map or list of the template begins, or one of its keys. */
  lineOf(container: unknown, key?: string): number | undefined;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html, for a template in S3. */
const MOST_BYTES = 1_000_000;
/** A template of that size has fewer values, unless aliases refer to aliases. */
const MOST_VALUES = 200_000;
const DEEPEST = 100;

export async function readText(file: string): Promise<string> {
  rejectLarge((await stat(file)).size, file);
  const text = await readFile(file, 'utf8');
  // A pipe has no size.
  rejectLarge(text.length, file);
  return text;
}

function rejectLarge(size: number, file: string): void {
  if (size > MOST_BYTES)
    throw new InvalidInputError(
      `The template ${file} is ${(size / 1e6).toFixed(1)} MB, but CloudFormation accepts at most ${MOST_BYTES / 1e6} MB.`,
    );
}

/** Parses YAML, and JSON too, which is YAML: so both have line numbers. */
export function parseSource(text: string, file: string): Source {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, logLevel: 'silent' });
  const [error] = document.errors;
  if (error) {
    const [first = ''] = error.message.split(/ at line \d+|\n/);
    const what = first.includes('call stack') ? 'it is nested too deeply' : first;
    throw new InvalidInputError(`${file}:${error.linePos?.[0].line ?? 1} is not valid YAML or JSON: ${what}.`);
  }
  const nodes: Nodes = new WeakMap();
  const lineOf = (node: unknown) => (isNode(node) && node.range ? lineCounter.linePos(node.range[0]).line : undefined);
  return {
    file,
    root: rootOf(document, nodes, (node, why) => new InvalidInputError(`${file}:${lineOf(node) ?? 1} ${why}.`)),
    lineOf(container, key) {
      const node = nodes.get(Object(container));
      const pair = isMap(node) ? node.items.find((item) => nameOf(item.key) === key) : undefined;
      return lineOf(pair?.key ?? node);
    },
  };
}

/** The document node of each map and list. */
type Nodes = WeakMap<object, unknown>;

function rootOf(document: Document, nodes: Nodes, invalid: (node: unknown, why: string) => InvalidInputError): unknown {
  let values = 0;
  const valueAt = (node: unknown, depth: number): unknown => {
    if (++values > MOST_VALUES)
      throw invalid(node, `expands to more than ${MOST_VALUES} values through aliases: write the values out instead`);
    if (depth > DEEPEST)
      throw invalid(node, `is nested more than ${DEEPEST} levels deep, or has an alias that contains itself`);
    if (isAlias(node)) return valueAt(node.resolve(document), depth + 1);
    if (isMap(node) && node.items.some(({ key }) => nameOf(key) === '__proto__'))
      throw invalid(node, 'has the key __proto__, which no resource or property can have');
    const plain = plainOf(node, (inner) => valueAt(inner, depth + 1));
    if (typeof plain === 'object' && plain) nodes.set(plain, node);
    // YAML's own tags are tag:yaml.org,2002:… .
    const tag = isNode(node) && 'tag' in node ? /^!(.+)/.exec(String(node.tag))?.[1] : undefined;
    if (!tag) return plain;
    const intrinsic = { [tag === 'Ref' || tag === 'Condition' ? tag : `Fn::${tag}`]: plain };
    nodes.set(intrinsic, node);
    return intrinsic;
  };
  return valueAt(document.contents, 0);
}

function plainOf(node: unknown, valueAt: (node: unknown) => unknown): unknown {
  if (isSeq(node)) return node.items.map(valueAt);
  if (isMap(node)) {
    const pairs = node.items.map(({ key, value }) => [nameOf(key), valueAt(value)] as const);
    const merged = pairs.flatMap(([name, value]) => (name === '<<' ? [value].flat().map(fieldsOf).reverse() : []));
    return Object.assign({}, ...merged, Object.fromEntries(pairs.filter(([name]) => name !== '<<')));
  }
  if (!isScalar(node)) return null;
  // A number as written if parsing changes it: an account id can begin with 0.
  const isOther = typeof node.value === 'number' && String(node.value) !== node.source;
  return isOther ? (node.source ?? node.value) : node.value;
}

const nameOf = (key: unknown) => textOf(isScalar(key) ? key.value : key);

/** The value if it is a map, otherwise an empty map. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
