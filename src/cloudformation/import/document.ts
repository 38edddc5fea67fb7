import { readFile, stat } from 'node:fs/promises';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
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
  const refuse = (why: string, cause?: unknown) => new InvalidInputError(`The template ${file} ${why}.`, { cause });
  const { size } = await stat(file).catch((error) => {
    throw refuse(error.code === 'ENOENT' ? 'is not there' : `cannot be read (${error.code})`, error);
  });
  if (size > MOST_BYTES)
    throw refuse(`has ${(size / 1e6).toFixed(1)} MB, and CloudFormation takes at most ${MOST_BYTES / 1e6} MB`);
  const text = await readFile(file, 'utf8').catch((error) => {
    throw refuse(`cannot be read (${error.code})`, error);
  });
  return parseSource(text, file);
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
  const reader = new Reader(file, document, lineCounter);
  const root = reader.value(document.contents, 0);
  return { file, root, lineOf: reader.lineOf };
}

class Reader {
  #values = 0;
  readonly #lines = new WeakMap<object, Map<string, number>>();
  readonly #file: string;
  readonly #document: Document;
  readonly #counter: LineCounter;
  constructor(file: string, document: Document, counter: LineCounter) {
    this.#file = file;
    this.#document = document;
    this.#counter = counter;
  }

  readonly lineOf = (container: unknown, key = ''): number | undefined => {
    const lines = typeof container === 'object' && container ? this.#lines.get(container) : undefined;
    return lines?.get(key) ?? lines?.get('');
  };

  value(node: unknown, depth: number): unknown {
    if (++this.#values > MOST_VALUES)
      throw this.#refuse(node, `makes more than ${MOST_VALUES} values of its aliases: write out what they stand for`);
    if (depth > DEEPEST)
      throw this.#refuse(node, `is nested more than ${DEEPEST} deep, or an alias is in what it stands for`);
    if (isAlias(node)) return this.value(node.resolve(this.#document), depth + 1);
    const { tag } = (node ?? {}) as Node & { tag?: string };
    const plain = this.#plain(node, depth);
    // Tags of YAML itself are tag:yaml.org,2002:… .
    return tag?.startsWith('!') ? this.#intrinsic(node, tag.slice(1), plain) : plain;
  }

  #plain(node: unknown, depth: number): unknown {
    if (isScalar(node)) return scalar(node.value, node.source);
    if (isSeq(node))
      return this.#placed(
        node,
        node.items.map((item) => this.value(item, depth + 1)),
      );
    if (!isMap(node)) return null;
    const fields: Fields = this.#placed(node, {});
    for (const { key, value } of node.items) {
      const name = String(isScalar(key) ? key.value : key);
      const item = this.value(value, depth + 1);
      if (name === '<<') for (const each of [item].flat()) mergeInto(fields, each);
      else fields[name] = item;
      this.#lines.get(fields)?.set(name, this.#line(key) ?? 0);
    }
    return fields;
  }

  /** `!GetAtt A.B` is `Fn::GetAtt: [A, B]`, `!Ref` and `!Condition` have no `Fn::`. */
  #intrinsic(node: unknown, name: string, argument: unknown): Fields {
    const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
    return this.#placed(node, { [key]: argument });
  }

  #placed<T extends object>(node: unknown, value: T): T {
    this.#lines.set(value, new Map([['', this.#line(node) ?? 1]]));
    return value;
  }

  #line(node: unknown): number | undefined {
    const { range } = (node ?? {}) as Partial<Node>;
    return range ? this.#counter.linePos(range[0]).line : undefined;
  }

  #refuse(node: unknown, why: string): InvalidInputError {
    return new InvalidInputError(`${this.#file}:${this.#line(node) ?? 1} ${why}.`);
  }
}

/** A number as it was written where that says more: an account can begin with 0. */
function scalar(value: unknown, source: string | undefined): unknown {
  return typeof value === 'number' && source !== undefined && String(value) !== source ? source : value;
}

function mergeInto(fields: Fields, more: unknown): void {
  for (const [key, value] of Object.entries(fieldsOf(more))) if (!Object.hasOwn(fields, key)) fields[key] = value;
}

/** What is a map, else one without fields. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
