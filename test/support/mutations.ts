// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders
import fc from 'fast-check';

/** Every place in plain data, as the container and the key. */
function places(value: unknown): [Record<string, unknown>, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    [value as Record<string, unknown>, key] as [Record<string, unknown>, string],
    ...places(item),
  ]);
}

/** What a hand, a generator or an attacker may write in place of a value. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -0, -1.5, 1e308, true, [], {}, [[]], 'x'.repeat(300), 'x'.repeat(100_000)),
  fc.constantFrom<unknown>({ toString: 1 }, { valueOf: {} }, { length: -1 }, [{ toString: null }]),
  fc.constantFrom<unknown>(
    JSON.parse('{"__proto__":1}'),
    { constructor: { prototype: 1 } },
    '__proto__',
    'constructor',
  ),
  fc.constantFrom<unknown>(
    '${',
    '${A',
    '${A:-',
    '$${',
    '${A:-${B}}',
    '${A}'.repeat(1000),
    '\0',
    '\u001b[2J',
    '\u202e',
    '\ud800',
  ),
  fc.constantFrom<unknown>(
    '.',
    '..',
    '/',
    '/dev/null',
    '/dev/zero',
    'a/../../..',
    'x'.repeat(5000),
    '\\',
    'NUL',
    'é',
    ' ',
  ),
  fc.constantFrom<unknown>(
    'x',
    'abc',
    'hallow-events',
    'hallow-event-stream',
    1,
    2,
    24,
    100,
    true,
    false,
    ['a'],
    '${STAGE}',
  ),
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
);

/** Some changes of plain data: places by number, with their new values and, for some, a new key. */
export const mutations = (value: fc.Arbitrary<unknown> = oddValue) =>
  fc.array(
    fc.tuple(fc.nat(), value, fc.option(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toString', 'existing')))),
    {
      minLength: 1,
      maxLength: 3,
    },
  );

/** Applies changes to plain data in place. */
export function mutate(data: unknown, changes: readonly (readonly [number, unknown, (string | null)?])[]): void {
  for (const [at, drawn, rename] of changes) {
    const value = structuredClone(drawn);
    const all = places(data);
    const [container, key] = all[at % all.length] ?? [{}, ''];
    if (typeof rename === 'string' && !Array.isArray(container)) {
      delete container[key];
      Object.defineProperty(container, rename, { value, enumerable: true, configurable: true, writable: true });
    } else container[key] = value;
  }
}
