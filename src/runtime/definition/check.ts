import * as v from 'valibot';
import { type InputProblem, InvalidInputError } from '../errors.ts';
import { type Problem, pathText, show } from './messages.ts';
import type { Pipeline } from './pipeline.ts';
import { holdsPlaceholder, isWellFormed, mapTexts } from './placeholder-syntax.ts';
import { ruleProblems } from './rules.ts';
import * as schema from './schema.ts';
import { overlooked, withoutUndefined } from './strict-objects.ts';

export { parseJson } from './json.ts';

type Issue = v.BaseIssue<unknown>;

/**
 * Checks a definition and fills in its defaults. Every problem is told, with the field, what it was and what it may be.
 * Values with placeholders are checked when those are resolved. `source` names the definition for the reader.
 */
export function parsePipeline(input: unknown, source: string): Pipeline {
  if (typeof input !== 'object' || !input || !('$schema' in input)) return check(input, source);
  // Editors want it in JSON definitions; it says nothing of the pipeline.
  const { $schema, ...definition } = input;
  return check(definition, source);
}

/**
 * As parsePipeline, with every value taken as it stands. `declared` has the values as the definition gives them, which
 * are what is shown: an environment's are secrets, perhaps.
 */
export function checkResolved(input: Pipeline, declared: Pipeline): Pipeline {
  return check(input, 'With the values of its environment, the pipeline', declared);
}

function check(input: unknown, source: string, declared?: Pipeline): Pipeline {
  const isResolved = declared !== undefined;
  const present = withoutUndefined(input);
  const { output, issues = [] } = v.safeParse(schema.pipeline, present, { message: expectation });
  const notObjects = overlooked(present, output);
  const problems = [
    ...notObjects,
    ...issues
      .filter((issue) => isResolved || !awaitsEnvironment(issue))
      .map((issue) => tell(issue, declared ?? input, isResolved)),
    ...ruleProblems(output, isResolved),
    ...(isResolved ? [] : malformed(output)),
  ].filter(({ path }) => !notObjects.some((other) => isBelow(path, other.path)));
  if (problems.length > 0) throw invalidDefinition(problems, source);
  return output as Pipeline;
}

/** An error with one line for each field that has a problem: what else is wrong with it often goes with the first. */
export function invalidDefinition(problems: readonly Problem[], source: string): InvalidInputError {
  const byField = new Map<string, InputProblem>();
  for (const { path, says } of problems) {
    const field = pathText(path);
    if (!byField.has(field)) byField.set(field, { path, message: `${field || 'the pipeline'} ${says}` });
  }
  return inputError([...byField.values()], source);
}

/** Names every problem in the message; `source` names the definition for the reader. */
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

/** What completes "must be …" where a schema has no words of its own. */
function expectation({ expected, type }: Issue): string {
  if (expected === 'Object') return 'an object';
  if (expected === 'Array') return 'a list';
  return type === 'variant' || type === 'literal' ? 'true, or left out' : `${expected}`;
}

function tell({ path: items = [] as never, type, message }: Issue, declared: unknown, isResolved: boolean): Problem {
  const path = items.map(({ key }) => key as string | number);
  // The message of a key that a definition cannot have is the whole sentence.
  if (type === 'raw_check') return { path, says: message };
  if (items.at(-1)?.origin === 'key' && type !== 'loose_object')
    return { path, says: `is refused as a name: it must be ${message}` };
  const value = path.reduce<unknown>((inner, key) => Object(inner)[key], declared);
  if (value === undefined) return { path, says: `is missing; it must be ${message}` };
  if (holdsPlaceholder(value) && typeof value === 'string' && isResolved)
    return { path, says: `is ${show(value)}, and what that gives must be ${message}` };
  const isSecret = path[0] === 'functions' && path[2] === 'environment';
  return { path, says: `${isSecret ? `is a ${typeof value}` : `is ${show(value)}`}, but must be ${message}` };
}

function malformed(pipeline: unknown): Problem[] {
  const problems: Problem[] = [];
  mapTexts(pipeline, (text, path) => {
    if (!isWellFormed(text))
      problems.push({
        path,
        says: `holds a \${ that is no placeholder: write \${NAME} or \${NAME:-default}, or $\${ for a literal \${`,
      });
    return text;
  });
  return problems;
}
