import * as v from 'valibot';
import { type Problem, show, suggest } from './messages.ts';

/** Valibot leaves such keys of a record out without a word. */
const UNUSABLE = ['__proto__', 'constructor', 'prototype'];

/** An object whose keys are known. Every unknown key is an issue (of valibot's own, the first), with the nearest known one. */
export function settings<const T extends v.ObjectEntries>(
  entries: T,
  tellUnknown = (key: string) => `is not a setting${suggest(key, Object.keys(entries), 'there are')}`,
): v.StrictObjectSchema<T, undefined> {
  const strict = v.pipe(
    v.looseObject(entries, ({ path }) => expectedBy(path && entries[String(path[0].key)])),
    v.rawCheck(({ dataset, addIssue }) => {
      const input: Record<string, unknown> = isPlain(dataset.value) ? dataset.value : {};
      for (const [key, value] of Object.entries(input))
        if (!Object.hasOwn(entries, key))
          addIssue({
            message: tellUnknown(key),
            path: [{ type: 'object', origin: 'key', input, key, value }],
          });
    }),
  );
  // As unknown keys are issues, what passes has none.
  return strict as never;
}

/** What a setting that is missing must be; without a schema, what its object must be. */
function expectedBy(schema: v.ObjectEntries[string] | undefined): string {
  return (schema && v.safeParse(schema as v.GenericSchema, undefined).issues?.[0].message) ?? 'an object';
}

/** What valibot accepts and a definition does not: a list in place of an object, and names that it leaves out of a record. */
export function overlooked(input: unknown, output: unknown, path: Problem['path'] = []): Problem[] {
  if (Array.isArray(input) && Array.isArray(output))
    return input.flatMap((item, index) => overlooked(item, output[index], [...path, index]));
  if (typeof input !== 'object' || !input || !isPlain(output)) return [];
  if (!isPlain(input)) return [{ path, says: `is ${show(input)}, but must be an object` }];
  return Object.entries(input).flatMap(([key, inner]) =>
    UNUSABLE.includes(key) && !Object.hasOwn(output, key)
      ? { path: [...path, key], says: 'needs another name: this one means something to JavaScript' }
      : overlooked(inner, output[key], [...path, key]),
  );
}

/** Plain data without the keys that have no value, as JSON leaves them out. */
export function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!isPlain(value)) return value;
  const present = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(present.map(([key, inner]) => [key, withoutUndefined(inner)]));
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}
