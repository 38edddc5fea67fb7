import { either, pathText, show } from './messages.ts';
import { isPlain } from './strict-objects.ts';

type Path = (string | number)[];
type Test = (operand: unknown) => boolean;

const isString: Test = (operand) => typeof operand === 'string';
const isStringOrCondition: Test = (operand) => isString(operand) || isPlain(operand);

/** The conditions and their operands. https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax */
const CONDITIONS: Record<string, [isOperand: Test, expected: string]> = {
  prefix: [isStringOrCondition, 'a string'],
  suffix: [isStringOrCondition, 'a string'],
  'equals-ignore-case': [isString, 'a string'],
  wildcard: [isString, 'a string'],
  cidr: [isString, 'a string'],
  exists: [(operand) => typeof operand === 'boolean', 'true or false'],
  numeric: [isNumeric, "one or two comparisons, such as ['>', 0, '<=', 5]"],
  'anything-but': [(operand) => operand !== null && operand !== undefined, 'a value, a list of values or a condition'],
};

/** The problem with an event filter pattern, as the end of "must be …"; undefined if there is none. */
export function patternProblem(pattern: object): string | undefined {
  return fieldsProblem(pattern, []);
}

function fieldsProblem(fields: object, path: Path): string | undefined {
  for (const [key, value] of Object.entries(fields)) {
    const problem = key === '$or' ? orProblem(value, [...path, key]) : valueProblem(value, [...path, key]);
    if (problem) return problem;
  }
  return undefined;
}

function orProblem(value: unknown, path: Path): string | undefined {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isPlain))
    return `a pattern whose ${pathText(path)} is a list of patterns`;
  return value.map((each, index) => fieldsProblem(each, [...path, index])).find(Boolean);
}

function valueProblem(value: unknown, path: Path): string | undefined {
  if (isPlain(value)) return fieldsProblem(value, path);
  const at = pathText(path);
  if (!Array.isArray(value)) return `a pattern whose ${at} is a list, such as [${show(value)}]; it is ${show(value)}`;
  if (value.length === 0) return `a pattern whose ${at} lists at least one value or condition`;
  return value.map((each, index) => itemProblem(each, pathText([...path, index]))).find(Boolean);
}

function itemProblem(item: unknown, at: string): string | undefined {
  if (Array.isArray(item)) return `a pattern whose ${at} is a value or a condition, not a list`;
  if (!isPlain(item)) return undefined;
  const [[name = '', operand] = [], ...others] = Object.entries(item);
  const condition = Object.hasOwn(CONDITIONS, name) && CONDITIONS[name];
  if (!condition || others.length > 0)
    return `a pattern whose condition ${at} is exactly one of ${either(Object.keys(CONDITIONS))}`;
  const [isOperand, expected] = condition;
  return isOperand(operand) ? undefined : `a pattern whose ${at}.${name} is ${expected}`;
}

function isNumeric(operand: unknown): boolean {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) return false;
  return operand.every((part, index) =>
    index % 2 === 0 ? ['=', '<', '<=', '>', '>='].includes(part) : typeof part === 'number',
  );
}
