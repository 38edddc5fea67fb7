// `${NAME}` and `${NAME:-default}` stand for an environment variable, `$${` for a literal `${`.
const TOKEN = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}|\$\{/g;

/** Whether a value, or anything in it, holds a placeholder. */
export function holdsPlaceholder(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('${');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsPlaceholder);
}

/** Whether every `${` in a text begins a placeholder or is escaped. */
export function isWellFormed(text: string): boolean {
  return [...text.matchAll(TOKEN)].every(([token]) => token !== '${');
}

/** A piece of a text: literal, with `$${` already turned into `${`, or a placeholder. */
export type Part = { text: string } | { name: string; fallback: string | undefined };

/** The pieces of a text in order, without empty or adjacent literals. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  const add = (more: string) => {
    const last = parts.at(-1);
    if (last && 'text' in last) last.text += more;
    else if (more) parts.push({ text: more });
  };
  let end = 0;
  for (const { 0: token, 1: name, 2: fallback, index } of text.matchAll(TOKEN)) {
    add(text.slice(end, index));
    if (name) parts.push({ name, fallback });
    else add(token.replace('$$', '$'));
    end = index + token.length;
  }
  add(text.slice(end));
  return parts;
}

/** A text with its placeholders filled in. Calls `onMissing` for each variable that is unset and has no default. */
export function fill(text: string, env: Record<string, string | undefined>, onMissing: (name: string) => void): string {
  const filled = partsOf(text).map((part) => {
    if ('text' in part) return part.text;
    const { name, fallback } = part;
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    // As in a shell: an empty variable counts as set, but `:-` replaces it with the default.
    if (value || (value !== undefined && fallback === undefined)) return value;
    if (fallback === undefined) onMissing(name);
    return fallback ?? '';
  });
  return filled.join('');
}

/** A copy of plain data with `change` applied to every string except keys. */
export function mapTexts<T>(
  value: T,
  change: (text: string, path: (string | number)[]) => string,
  path: (string | number)[] = [],
): T {
  if (typeof value === 'string') return change(value, path) as T;
  if (Array.isArray(value)) return value.map((item, index) => mapTexts(item, change, [...path, index])) as T;
  if (typeof value !== 'object' || !value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapTexts(item, change, [...path, key])]),
  ) as T;
}
