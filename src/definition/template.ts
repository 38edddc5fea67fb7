// `${NAME}` and `${NAME:-default}` stand for a variable of the environment, `$${` for a literal `${`.
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

/** A text with its placeholders filled in; `onMissing` hears of each variable that is not set and has no default. */
export function fill(text: string, env: Record<string, string | undefined>, onMissing: (name: string) => void): string {
  return text.replace(TOKEN, (token, name?: string, fallback?: string) => {
    if (!name) return token.replace('$$', '$');
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    // As in a shell: an empty variable counts as set, but a default stands in for it.
    if (value || (value !== undefined && fallback === undefined)) return value;
    if (fallback === undefined) onMissing(name);
    return fallback ?? '';
  });
}

/** A copy of plain data in which every text, keys apart, is what `change` makes of it. */
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
