/** A problem with a definition; `says` completes a sentence that starts with the path. */
export interface Problem {
  path: readonly (string | number)[];
  says: string;
}

/** `functions.my-function.layers[0]`; a name with other characters is quoted: `buckets['a.b'].acl`. */
export function pathText(path: Problem['path']): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : /^[\w$-]+$/.test(key) ? `.${key}` : `['${key}']`))
    .join('')
    .replace(/^\./, '');
}

/** A value for a message: strings are shortened, and objects and lists are not spelled out. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value) return 'an object';
  if (typeof value !== 'string') return String(value);
  return `'${value.length > 60 ? `${value.slice(0, 59)}…` : value}'`;
}

/** Any plain value as text; `String` would call an object's own `toString`, which may be any value. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(',');
  return typeof value === 'object' && value ? JSON.stringify(value) : String(value);
}

/** `a, b or c`. */
export function either(options: readonly string[]): string {
  return options.length > 1 ? `${options.slice(0, -1).join(', ')} or ${options.at(-1)}` : (options[0] ?? '');
}

/** Adds a full stop, unless the text ends with a question mark. */
export function withFullStop(text: string): string {
  return text.endsWith('?') ? text : `${text}.`;
}

/** For an unknown name: `; did you mean 'x'?`, or else the known names. */
export function suggest(name: string, known: readonly string[], lead: string): string {
  return nearest(name, known) || (known.length > 0 ? `; ${lead} ${known.join(', ')}` : '');
}

/** `; did you mean 'x'?`, if a known name is similar. */
export function nearest(name: string, known: readonly string[]): string {
  const [best] = known
    .map((candidate, index) => ({ candidate, index, apart: apart(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ apart }) => apart !== undefined)
    .sort((a, b) => (a.apart ?? 0) - (b.apart ?? 0) || b.candidate.length - a.candidate.length || b.index - a.index);
  return best ? `; did you mean '${best.candidate}'?` : '';
}

/** Shorter names do not count as short forms, such as `node22` for nodejs22.x. */
const SHORTEST_SHORT_FORM = 4;

/** No name that AWS accepts is longer. */
const LONGEST = 256;

/** The distance between a name and a known one; undefined if they are not similar. */
function apart(name: string, known: string): number | undefined {
  if (name.length > LONGEST) return undefined;
  const far = edits(name, known);
  const isNear = far <= Math.max(1, Math.min(name.length, known.length) / 3);
  const isShortForm = name.length >= SHORTEST_SHORT_FORM && isWithin(name, known);
  if (isShortForm) return Math.min(far, (known.length - name.length) / 2);
  return isNear ? far : undefined;
}

/** Whether all characters of a are in b, in that order. */
function isWithin(a: string, b: string): boolean {
  let rest = b;
  return [...a].every((char) => {
    const at = rest.indexOf(char);
    rest = rest.slice(at + 1);
    return at >= 0;
  });
}

/** How many characters to add, drop, replace or swap with the next. */
function edits(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + Number(a[i - 1] !== b[j - 1]);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? at(i - 2, j - 2) + 1 : replaced;
      rows[i]?.push(Math.min(replaced, swapped, at(i - 1, j) + 1, at(i, j - 1) + 1));
    }
  }
  return at(a.length, b.length);
}
