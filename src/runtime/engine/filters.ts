import { isPlain } from '../definition/strict-objects.ts';
import { engineName } from './detect.ts';
import type { Engine } from './engine.ts';
import { behaviourOf } from './localstack-versions.ts';
import { PRODUCTS } from './products.ts';

type Pattern = Record<string, unknown>;
type Product = Pick<Engine, 'product' | 'version'>;

/** Why a mapping's filters cannot work on an engine, as the end of a sentence, and what to do. */
export interface FilterProblem {
  problem: string;
  fix: string;
}

/** The first problem of a mapping's filters on this engine; undefined if they can work. */
export function filtersProblem(patterns: readonly Pattern[], engine: Product): FilterProblem | undefined {
  return patterns.map((pattern) => patternProblem(pattern, patterns, engine)).find(Boolean);
}

/** The keys of a mapping's filters that work on this engine although AWS does not document them. */
export function keysBesidesData(patterns: readonly Pattern[]): string[] {
  return [...new Set(patterns.flatMap((pattern) => keysOf(pattern)))].filter((key) => key !== 'data');
}

function patternProblem(pattern: Pattern, all: readonly Pattern[], engine: Product): FilterProblem | undefined {
  const { filterKeys = [], dataFilterInOrIgnored } = PRODUCTS[engine.product].quirks;
  const filter = `the filter ${JSON.stringify(pattern)}`;
  const on = `on ${engineName(engine)}`;
  const keys = filterKeys.length > 0 ? keysOf(pattern) : [];
  const unknown = keys.find((key) => !filterKeys.includes(key));
  if (unknown)
    return {
      problem: `${filter} on ${unknown}, which no record has ${on}`,
      fix: `use data, the only key that AWS supports${otherName(unknown, filterKeys)}`,
    };
  const used = conditionsOf(pattern);
  const lacking = unmatched(engine).find((condition) => used.includes(condition));
  if (lacking) return { problem: `${filter} with ${lacking}, which does not work ${on}`, fix: 'use another condition' };
  if (dataFilterInOrIgnored && keys.includes('data') && !all.some((each) => 'data' in each))
    return {
      problem: `${filter} with data inside $or, which matches no record ${on}`,
      fix: 'write a filter for each alternative',
    };
  return undefined;
}

/** The same key where this engine has it. */
function otherName(key: string, keys: readonly string[]): string {
  const name = key.split('.').pop();
  const other = keys.find((each) => each !== 'kinesis.data' && each.split('.').pop() === name);
  return other && other !== 'data' ? `, or ${other}` : '';
}

function unmatched({ product, version }: Product): readonly string[] {
  return (product === 'localstack' ? behaviourOf(version) : PRODUCTS[product].quirks)?.unmatchedConditions ?? [];
}

/** The keys that a record must have to match, as paths; all fields of `data` are one key. */
function keysOf(pattern: Pattern, path = ''): string[] {
  return Object.entries(pattern).flatMap(([name, value]) => {
    if (name === '$or') return (value as Pattern[]).flatMap((each) => keysOf(each, path));
    const key = path + name;
    if (key === 'data') return key;
    if (isPlain(value)) return keysOf(value, `${key}.`);
    return Array.isArray(value) && value.some(isAbsence) ? [] : key;
  });
}

function isAbsence(item: unknown): boolean {
  return isPlain(item) && item['exists'] === false;
}

/** The names of the conditions in a pattern; with another one inside: `prefix of a condition`. */
function conditionsOf(pattern: unknown): string[] {
  if (Array.isArray(pattern)) return pattern.flatMap(itemConditions);
  if (!isPlain(pattern)) return [];
  return Object.entries(pattern).flatMap(([name, value]) =>
    name === '$or' ? [name, ...(value as Pattern[]).flatMap(conditionsOf)] : conditionsOf(value),
  );
}

function itemConditions(item: unknown): string[] {
  if (item === null) return ['null'];
  return isPlain(item) ? Object.entries(item).map(([name, of]) => (isPlain(of) ? `${name} of a condition` : name)) : [];
}
