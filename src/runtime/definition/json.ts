import { InvalidInputError } from '../errors.ts';

/**
 * JSON, with the line and column of the first mistake: Node 18 to 24 each tell it otherwise, and some not at all. A key that an object
 * has twice is one, too: the first value would be lost.
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
      `${place} has the key ${JSON.stringify(mistake.key)} for the second time in one object, and only the last would count: merge the two, or rename one`,
    );
  const found = at < json.length ? `'${[...json.slice(at, at + 2)][0]}'` : 'the end';
  throw new InvalidInputError(`${place} is not JSON: found ${found}, but expected ${mistake.expected}`);
}

const SPACE = /[ \t\r\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON refuses them in text
const STRING = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

type Mistake = { at: number; expected: string } | { at: number; key: string };

/** Where a text stops being JSON, or has a key twice. */
function firstMistake(json: string): Mistake | undefined {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const [matched] = pattern.exec(json) ?? [];
    at += matched?.length ?? 0;
    return matched;
  };
  const skip = (pattern: RegExp) => take(pattern) !== undefined;
  const next = (char: string): boolean => {
    skip(SPACE);
    if (json[at] !== char) return false;
    at++;
    return true;
  };
  const mistake = (expected: string): Mistake => {
    skip(SPACE);
    return { at, expected };
  };
  const list = (close: string, item: () => Mistake | undefined): Mistake | undefined => {
    if (next(close)) return undefined;
    do {
      const wrong = item();
      if (wrong) return wrong;
    } while (next(','));
    return next(close) ? undefined : mistake(`',' or '${close}'`);
  };
  const memberOf = (keys: Set<string>) => (): Mistake | undefined => {
    skip(SPACE);
    const start = at;
    const text = take(STRING);
    if (text === undefined) return mistake('a key in double quotes');
    const key: string = JSON.parse(text);
    if (keys.has(key)) return { at: start, key };
    keys.add(key);
    return next(':') ? value() : mistake("':'");
  };
  const value = (): Mistake | undefined => {
    if (next('{')) return list('}', memberOf(new Set()));
    if (next('[')) return list(']', value);
    return skip(STRING) || skip(SCALAR) ? undefined : mistake('a value');
  };
  const wrong = value();
  if (wrong) return wrong;
  skip(SPACE);
  return at < json.length ? mistake('nothing more') : undefined;
}
