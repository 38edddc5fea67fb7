import { InvalidInputError } from '../errors.ts';

/** JSON, with the line and column of the first mistake: Node 18 to 24 each tell it otherwise, and some not at all. */
export function parseJson(text: string, source: string): unknown {
  // Some editors on Windows begin a file with a byte order mark.
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch (cause) {
    const { at, expected } = firstMistake(json);
    const before = json.slice(0, at).split('\n');
    const found = at < json.length ? `'${[...json.slice(at, at + 2)][0]}'` : 'the end';
    const place = `${source}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
    throw new InvalidInputError(`${place} is not JSON: found ${found}, but expected ${expected}`, { cause });
  }
}

const SPACE = /[ \t\r\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON refuses them in text
const STRING = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

interface Mistake {
  at: number;
  expected: string;
}

/** Where a text stops being JSON. */
function firstMistake(json: string): Mistake {
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const [matched] = pattern.exec(json) ?? [];
    at += matched?.length ?? 0;
    return matched !== undefined;
  };
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
  const member = (): Mistake | undefined => {
    skip(SPACE);
    if (!skip(STRING)) return mistake('a key in double quotes');
    return next(':') ? value() : mistake("':'");
  };
  const value = (): Mistake | undefined => {
    if (next('{')) return list('}', member);
    if (next('[')) return list(']', value);
    return skip(STRING) || skip(SCALAR) ? undefined : mistake('a value');
  };
  return value() ?? mistake('nothing more');
}
