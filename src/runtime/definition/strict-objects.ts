import * as v from 'valibot';
import { suggest } from './messages.ts';

type Schema = v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>;

/** Valibot leaves such keys of a record out without a word. */
const UNUSABLE = ['__proto__', 'constructor', 'prototype'];

/** An object whose keys are known. Every unknown key is told (valibot's own tells the first), with the nearest known one. */
export function settings<const T extends v.ObjectEntries>(
  entries: T,
  tellUnknown = (key: string) => `is not a setting${suggest(key, Object.keys(entries), 'there are')}`,
): v.StrictObjectSchema<T, undefined> {
  // A required key that is missing gets a value, so that its own schema tells what it must be.
  const required = Object.keys(entries).filter((key) => entries[key]?.type !== 'exact_optional');
  return strictly(
    v.strictObject(entries),
    Object.fromEntries(required.map((key) => [key, undefined])),
    (key) => !Object.hasOwn(entries, key),
    tellUnknown,
  );
}

/** An object whose keys are names. */
export function named<K extends v.BaseSchema<string, string, v.BaseIssue<unknown>>, V extends Schema>(
  key: K,
  value: V,
): v.RecordSchema<K, V, undefined> {
  return strictly(
    v.record(key, value),
    {},
    (name) => UNUSABLE.includes(name),
    () => 'needs another name: this one means something to JavaScript',
  );
}

/** The issue of a key that an object cannot have; its message is what completes the sentence. */
export const REFUSED_KEY = 'refused key';

/** Plain data without the keys that have no value, as JSON leaves them out. */
export function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!isPlain(value)) return value;
  const present = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(present.map(([key, inner]) => [key, withoutUndefined(inner)]));
}

export function isPlain(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** Refuses lists, which valibot takes for objects, and tells every refused key. */
function strictly<S extends Schema>(
  schema: S,
  base: object,
  isRefused: (key: string) => boolean,
  tell: (key: string) => string,
): S {
  const run = schema['~run'];
  const checked: Schema['~run'] = (dataset, config) => {
    const input = dataset.value;
    if (!isPlain(input)) return run.call(schema, { value: undefined }, config);
    const entries = Object.entries(input);
    const accepted = entries.filter(([key]) => !isRefused(key));
    const result = run.call(schema, { value: { ...base, ...Object.fromEntries(accepted) } }, config);
    for (const [key, value] of entries.filter(([key]) => isRefused(key)))
      v._addIssue(
        schema as never,
        'key',
        result,
        config as never,
        {
          expected: REFUSED_KEY,
          message: tell(key),
          path: [{ type: 'object', origin: 'key', input, key, value }],
        } as never,
      );
    return result;
  };
  return Object.assign(schema, { '~run': checked });
}
