import { readFile, stat } from 'node:fs/promises';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { InvalidInputError } from '../../runtime/errors.ts';

export type Fields = Record<string, unknown>;

/** A template as plain data, in which `!Sub x` is `{ 'Fn::Sub': 'x' }`, with the line of each of its maps and lists. */
export interface Source {
  file: string;
  root: unknown;
  /** The line on which a map or a list of the template begins, or one of its keys. */
  lineOf(container: unknown, key?: string): number | undefined;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html: of a template in S3. */
const MOST_BYTES = 1_000_000;
/** What a template of that size can hold without aliases; more is made up of aliases of aliases. */
const MOST_VALUES = 200_000;
const DEEPEST = 100;

export async function readSource(file: string): Promise<Source> {
  const invalid = (why: string, cause?: unknown) => new InvalidInputError(`The template ${file} ${why}.`, { cause });
  const unreadable = (error: NodeJS.ErrnoException): never => {
    throw invalid(error.code === 'ENOENT' ? 'is not there' : `cannot be read (${error.code})`, error);
  };
  const { size } = await stat(file).catch(unreadable);
  if (size > MOST_BYTES)
    throw invalid(`has ${(size / 1e6).toFixed(1)} MB, and CloudFormation takes at most ${MOST_BYTES / 1e6} MB`);
  return parseSource(await readFile(file, 'utf8').catch(unreadable), file);
}

/** JSON is YAML, so both have lines. */
export function parseSource(text: string, file: string): Source {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, logLevel: 'silent' });
  const [error] = document.errors;
  if (error) {
    const [what = ''] = error.message.split(/ at line \d+|\n/);
    throw new InvalidInputError(`${file}:${error.linePos?.[0].line ?? 1} is no YAML or JSON: ${what}.`);
  }
  return new Reader(file, document, lineCounter);
}

class Reader implements Source {
  readonly file: string;
  readonly root: unknown;
  readonly #document: Document;
  readonly #counter: LineCounter;
  /** Which node of the document each map and list was made of. */
  readonly #nodes = new WeakMap<object, unknown>();
  #values = 0;
  constructor(file: string, document: Document, counter: LineCounter) {
    this.file = file;
    this.#document = document;
    this.#counter = counter;
    this.root = this.#value(document.contents, 0);
  }

  lineOf(container: unknown, key?: string): number | undefined {
    const node = this.#nodes.get(Object(container));
    const pair = isMap(node) ? node.items.find((item) => nameOf(item.key) === key) : undefined;
    return this.#line(pair?.key ?? node);
  }

  #line(node: unknown): number | undefined {
    return isNode(node) && node.range ? this.#counter.linePos(node.range[0]).line : undefined;
  }

  #value(node: unknown, depth: number): unknown {
    const invalid = (why: string) => new InvalidInputError(`${this.file}:${this.#line(node) ?? 1} ${why}.`);
    if (++this.#values > MOST_VALUES)
      throw invalid(`makes more than ${MOST_VALUES} values of its aliases: write out what they stand for`);
    if (depth > DEEPEST) throw invalid(`is nested more than ${DEEPEST} deep, or an alias is in what it stands for`);
    if (isAlias(node)) return this.#value(node.resolve(this.#document), depth + 1);
    const plain = this.#plain(node, depth + 1);
    if (typeof plain === 'object' && plain) this.#nodes.set(plain, node);
    // Tags of YAML itself are tag:yaml.org,2002:… .
    const tag = isNode(node) && 'tag' in node ? /^!(.+)/.exec(String(node.tag))?.[1] : undefined;
    if (!tag) return plain;
    const intrinsic = { [tag === 'Ref' || tag === 'Condition' ? tag : `Fn::${tag}`]: plain };
    this.#nodes.set(intrinsic, node);
    return intrinsic;
  }

  #plain(node: unknown, depth: number): unknown {
    if (isMap(node)) return this.#fields(node, depth);
    if (isSeq(node)) return node.items.map((item) => this.#value(item, depth));
    if (!isScalar(node)) return null;
    // A number as it was written where that says more: an account can begin with 0.
    const isOther = typeof node.value === 'number' && String(node.value) !== node.source;
    return isOther ? (node.source ?? node.value) : node.value;
  }

  #fields(map: YAMLMap, depth: number): Fields {
    const pairs = map.items.map(({ key, value }) => [nameOf(key), this.#value(value, depth)] as const);
    const merged = pairs.flatMap(([name, value]) => (name === '<<' ? [value].flat().map(fieldsOf).reverse() : []));
    return Object.assign({}, ...merged, Object.fromEntries(pairs.filter(([name]) => name !== '<<')));
  }
}

const nameOf = (key: unknown) => String(isScalar(key) ? key.value : key);

/** What is a map, else one without fields. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
