import { InvalidInputError } from '../errors.ts';
import { DEEPEST } from './strict-objects.ts';

/**
 * Parses JSON. Errors name the line and column of the first mistake, which Node 18 to 24 report differently or not at all.
 * A repeated key is a mistake, too: its first value would be lost.
 */
export function parseJson(text: string, source: string): unknown {
  // Some editors on Windows begin a file with a byte order mark.
  const json = text.replace(/^\uFEFF/, '');
  const mistake = firstMistake(json);
  if (!mistake) return JSON.parse(json);
  const { at } = mistake;
  const before = json.slice(0, at).split('\n');
  const place = `${source}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
  if ('key' in mistake)
    throw new InvalidInputError(
      `${place} repeats the key ${JSON.stringify(mistake.key)} in one object, where only the last would count: merge the two, or rename one`,
    );
  const found = at < json.length ? `'${[...json.slice(at, at + 2)][0]}'` : 'the end of the file';
  throw new InvalidInputError(`${place} is not valid JSON: found ${found}, but expected ${mistake.expected}`);
}

const SPACE = /[ \t\r\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not allow them in strings
const STRING = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

type Mistake = { at: number; expected: string } | { at: number; key: string };

/** Where a text stops being JSON, or repeats a key. */
function firstMistake(json: string): Mistake | undefined {
  const scanner = scannerOf(json);
  return inValue(scanner) ?? (scanner.place() < json.length ? scanner.expected('the end of the file') : undefined);
}

type Scanner = ReturnType<typeof scannerOf>;

/** Reads a text from start to end. */
function scannerOf(json: string) {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const [matched] = pattern.exec(json) ?? [];
    at += matched?.length ?? 0;
    return matched;
  };
  const place = () => {
    take(SPACE);
    return at;
  };
  const next = (char: string): boolean => {
    if (json[place()] !== char) return false;
    at++;
    return true;
  };
  return { take, place, next, expected: (expected: string): Mistake => ({ at: place(), expected }) };
}

function inValue(scanner: Scanner, depth = 0): Mistake | undefined {
  const { take, next, expected } = scanner;
  if (depth > DEEPEST) return expected(`at most ${DEEPEST} levels`);
  const keys = new Set<string>();
  if (next('{')) return inList(scanner, '}', () => inMember(scanner, keys, depth));
  if (next('[')) return inList(scanner, ']', () => inValue(scanner, depth + 1));
  return (take(STRING) ?? take(SCALAR)) === undefined ? expected('a value') : undefined;
}

function inList({ next, expected }: Scanner, close: string, inItem: () => Mistake | undefined): Mistake | undefined {
  if (next(close)) return undefined;
  do {
    const mistake = inItem();
    if (mistake) return mistake;
  } while (next(','));
  return next(close) ? undefined : expected(`',' or '${close}'`);
}

function inMember(scanner: Scanner, keys: Set<string>, depth: number): Mistake | undefined {
  const { take, place, next, expected } = scanner;
  const at = place();
  const text = take(STRING);
  if (text === undefined) return expected('a key in double quotes');
  const key: string = JSON.parse(text);
  if (keys.has(key)) return { at, key };
  keys.add(key);
  return next(':') ? inValue(scanner, depth + 1) : expected("':'");
}
