import * as v from 'valibot';
import { type InputProblem, InvalidInputError } from '../errors.ts';
import { type Problem, pathText, show } from './messages.ts';
import type { Pipeline } from './pipeline.ts';
import { holdsPlaceholder, isWellFormed, mapTexts } from './placeholder-syntax.ts';
import { ruleProblems } from './rules.ts';
import * as schema from './schema.ts';
import { DEEPEST, isTooDeep, overlooked, withoutUndefined } from './strict-objects.ts';

export { parseJson } from './json.ts';

type Issue = v.BaseIssue<unknown>;

/**
 * Checks a definition and fills in its defaults. Reports every problem with its field, the value and the allowed values.
 * Values with placeholders are checked once those are resolved. `source` names the definition in messages.
 */
export function parsePipeline(input: unknown, source: string): Pipeline {
  if (typeof input !== 'object' || !input || !('$schema' in input)) return check(input, source);
  // Only editors use it, in JSON definitions.
  const { $schema, ...definition } = input;
  return check(definition, source);
}

/**
 * Like parsePipeline, for resolved values. Messages show the values of `declared`, with their placeholders, because a value
 * from the environment may be a secret.
 */
export function checkResolved(input: Pipeline, declared: Pipeline): Pipeline {
  return check(input, 'The pipeline, with its placeholders filled in', declared);
}

function check(input: unknown, source: string, declared?: Pipeline): Pipeline {
  const isResolved = declared !== undefined;
  if (isTooDeep(input))
    throw invalidDefinition(
      [{ path: [], says: `is nested more than ${DEEPEST} levels deep, or contains itself` }],
      source,
    );
  const present = withoutUndefined(input);
  const { output, issues = [] } = v.safeParse(schema.pipeline, present, { message: expectation });
  const notObjects = overlooked(present, output);
  const problems = [
    ...notObjects,
    ...issues
      .filter((issue) => isResolved || !awaitsEnvironment(issue))
      .map((issue) => describe(issue, declared ?? input, isResolved)),
    ...ruleProblems(output, isResolved),
    ...(isResolved ? [] : malformed(output)),
  ].filter(({ path }) => !notObjects.some((other) => isBelow(path, other.path)));
  if (problems.length > 0) throw invalidDefinition(problems, source);
  return output as Pipeline;
}

/** An error with one line per invalid field: fixing a field's first problem often fixes its others. */
export function invalidDefinition(problems: readonly Problem[], source: string): InvalidInputError {
  const byField = new Map<string, InputProblem>();
  for (const { path, says } of problems) {
    const field = pathText(path);
    if (!byField.has(field)) byField.set(field, { path, message: `${field || 'the pipeline'} ${says}` });
  }
  return inputError([...byField.values()], source);
}

/** An error that lists every problem; `source` names the definition in the message. */
export function inputError(problems: InputProblem[], source: string): InvalidInputError {
  const [first, ...others] = problems.map(({ message }) => message);
  const text =
    others.length === 0
      ? `${source}: ${first}`
      : `${source} has ${problems.length} problems:${[first, ...others].map((line) => `\n  ${line}`).join('')}`;
  return new InvalidInputError(text, { problems });
}

const isBelow = (path: Problem['path'], other: Problem['path']) =>
  path.length > other.length && other.every((key, index) => key === path[index]);

/** A value that a placeholder will change cannot be checked yet. */
function awaitsEnvironment({ kind, type, input, path }: Issue): boolean {
  return (kind === 'validation' || type === 'picklist') && path?.at(-1)?.origin !== 'key' && holdsPlaceholder(input);
}

/** Completes "must be …" for schemas without their own message. */
function expectation({ expected, type }: Issue): string {
  if (expected === 'Object') return 'an object';
  if (expected === 'Array') return 'a list';
  return type === 'variant' || type === 'literal' ? 'true, or left out' : `${expected}`;
}

function describe(
  { path: items = [] as never, type, message }: Issue,
  declared: unknown,
  isResolved: boolean,
): Problem {
  const path = items.map(({ key }) => key as string | number);
  // For an unknown key, the message is already complete.
  if (type === 'raw_check') return { path, says: message };
  if (items.at(-1)?.origin === 'key' && type !== 'loose_object')
    return { path, says: `is not a valid name: it must be ${message}` };
  const value = path.reduce<unknown>((inner, key) => Object(inner)[key], declared);
  if (value === undefined) return { path, says: `is missing; it must be ${message}` };
  if (holdsPlaceholder(value) && typeof value === 'string' && isResolved)
    return { path, says: `is ${show(value)}, whose value must be ${message}` };
  const isSecret = path[0] === 'functions' && path[2] === 'environment';
  return { path, says: `${isSecret ? `is a ${typeof value}` : `is ${show(value)}`}, but must be ${message}` };
}

function malformed(pipeline: unknown): Problem[] {
  const problems: Problem[] = [];
  mapTexts(pipeline, (text, path) => {
    if (text.includes('\0')) problems.push({ path, says: 'contains a null character: leave it out' });
    if (!isWellFormed(text))
      problems.push({
        path,
        says: `contains a \${ that is not a placeholder: write \${NAME} or \${NAME:-default}, or $\${ for a literal \${`,
      });
    return text;
  });
  return problems;
}
