import * as v from 'valibot';
import { type Problem, show, suggest } from './messages.ts';

/** Valibot silently drops these keys of a record. */
const UNUSABLE = ['__proto__', 'constructor', 'prototype'];

/** An object with known keys. Every unknown key is an issue (valibot reports only the first), with the most similar known one. */
export function settings<const T extends v.ObjectEntries>(
  entries: T,
  describeUnknown = (key: string) => `is not a setting${suggest(key, Object.keys(entries), 'the settings are')}`,
): v.StrictObjectSchema<T, undefined> {
  const strict = v.pipe(
    v.looseObject(entries, ({ path }) => expectedBy(path && entries[String(path[0].key)])),
    v.rawCheck(({ dataset, addIssue }) => {
      const input: Record<string, unknown> = isPlain(dataset.value) ? dataset.value : {};
      for (const [key, value] of Object.entries(input))
        if (!Object.hasOwn(entries, key))
          addIssue({
            message: describeUnknown(key),
            path: [{ type: 'object', origin: 'key', input, key, value }],
          });
    }),
  );
  // Unknown keys are issues, so a valid object has none.
  return strict as never;
}

/** The expected value of a missing setting, or of the object itself. */
function expectedBy(schema: v.ObjectEntries[string] | undefined): string {
  return (schema && v.safeParse(schema as v.GenericSchema, undefined).issues?.[0].message) ?? 'an object';
}

/** Problems that valibot misses: a list instead of an object, and keys that it drops from a record. */
export function overlooked(input: unknown, output: unknown, path: Problem['path'] = []): Problem[] {
  if (Array.isArray(input) && Array.isArray(output))
    return input.flatMap((item, index) => overlooked(item, output[index], [...path, index]));
  if (typeof input !== 'object' || !input || !isPlain(output)) return [];
  if (!isPlain(input)) return [{ path, says: `is ${show(input)}, but must be an object` }];
  return Object.entries(input).flatMap(([key, inner]) =>
    UNUSABLE.includes(key) && !Object.hasOwn(output, key)
      ? { path: [...path, key], says: 'needs another name: this one is special in JavaScript' }
      : overlooked(inner, output[key], [...path, key]),
  );
}

/** Plain data without undefined values, which JSON leaves out as well. */
export function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!isPlain(value)) return value;
  const present = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(present.map(([key, inner]) => [key, withoutUndefined(inner)]));
}

/** No valid definition is nested deeper. */
export const DEEPEST = 100;

/** Whether a value is nested deeper, or contains itself. */
export function isTooDeep(value: unknown, depth = 0): boolean {
  return (
    depth > DEEPEST ||
    (Object(value) === value && Object.values(value as object).some((inner) => isTooDeep(inner, depth + 1)))
  );
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}
