import { nearest, textOf } from '../../runtime/definition/messages.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { type Fields, fieldsOf } from './document.ts';
import type { RawTemplate } from './template.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const KNOWN = `And Base64 Cidr Equals FindInMap GetAtt GetAZs GetStackOutput If ImportValue Join Length Not Or Select
  Split Sub ToJsonString Transform Contains EachMemberEquals EachMemberIn RefAll ValueOf ValueOfAll`
  .split(/\s+/)
  .map((name) => `Fn::${name}`);

export interface Intrinsic {
  name: string;
  argument: unknown;
  /** The map that contains it, for its line. */
  at: Fields;
}

/** `Fn::Sub` of `{ 'Fn::Sub': … }`; undefined if the value is not an intrinsic function. */
export function intrinsicOf(value: unknown): Intrinsic | undefined {
  const [only] = intrinsicsAt(fieldsOf(value));
  return Object.keys(fieldsOf(value)).length === 1 ? only : undefined;
}

const intrinsicsAt = (at: Fields): Intrinsic[] =>
  Object.entries(at).flatMap(([name, argument]) => (/^(Ref$|Fn::)/.test(name) ? { name, argument, at } : []));

/** Every intrinsic function in a value, at any depth. */
function intrinsicsIn(value: unknown): Intrinsic[] {
  if (Array.isArray(value)) return value.flatMap(intrinsicsIn);
  return [...intrinsicsAt(fieldsOf(value)), ...Object.values(fieldsOf(value)).flatMap(intrinsicsIn)];
}

/** `A.B` and `[A, B]` as an id and an attribute. */
export function attributeOf(argument: unknown): [id: string, attribute: string] {
  const [id = '', ...attribute] = Array.isArray(argument) ? argument.map(textOf) : textOf(argument).split('.');
  return [id, attribute.join('.')];
}

/** The parts of an Fn::Sub string: plain text, or the name of a value. */
export function subParts(text: unknown): ({ text: string } | { name: string })[] {
  const whole = textOf(text);
  // Cut off first what can hold no variable: otherwise the search for its `}` would be repeated for each `${`.
  const end = whole.lastIndexOf('}') + 1;
  const parts = whole.slice(0, end).matchAll(/\$\{(!?)([^}]*)\}|(?:(?!\$\{[^}]*\}).)+/gs);
  const found = [...parts].map(([part, isLiteral, name]) => {
    if (name === undefined) return { text: part };
    return isLiteral ? { text: `\${${name}}` } : { name: name.trim() };
  });
  return [...found, { text: whole.slice(end) }];
}

/** The logical ids that a value names, at any depth. */
export function namedIn(value: unknown): string[] {
  return intrinsicsIn(value).flatMap(({ name, argument }) => {
    if (name === 'Ref') return textOf(argument);
    if (name === 'Fn::GetAtt') return attributeOf(argument)[0];
    if (name !== 'Fn::Sub') return [];
    const [text, variables] = [argument].flat();
    const names = subParts(text).flatMap((part) => ('name' in part ? part.name : []));
    return names.filter((each) => !Object.hasOwn(fieldsOf(variables), each)).map((each) => attributeOf(each)[0]);
  });
}

/** Rejects functions that CloudFormation does not have, at any depth. */
export function rejectUnknownIntrinsics({ source, resources, conditions }: RawTemplate): void {
  const reject = (where: string, value: unknown, line: number) => {
    const isUnknown = ({ name }: Intrinsic) => !['Ref', ...KNOWN].includes(name) && !name.startsWith('Fn::ForEach');
    const { name, at } = intrinsicsIn(value).find(isUnknown) ?? {};
    if (name)
      throw new InvalidInputError(
        `${source.file}:${source.lineOf(at, name) ?? line} ${where} uses ${name}, which is not a CloudFormation function${nearest(name, KNOWN) || '.'}`,
      );
  };
  for (const { id, line, properties } of resources.values()) reject(id, properties, line);
  for (const [name, condition] of Object.entries(conditions)) reject(`the condition ${name}`, condition, 1);
}

/** Rejects resources that depend on each other in a cycle, as CloudFormation does. */
export function rejectCycles({ source, resources }: RawTemplate): void {
  const done = new Set<string>();
  const visit = (id: string, above: readonly string[]): void => {
    const resource = resources.get(id);
    if (!resource || done.has(id)) return;
    if (above.includes(id)) {
      const cycle = [...above.slice(above.indexOf(id)), id];
      throw new InvalidInputError(
        `${source.file}:${resource.line} ${id} depends on itself: ${cycle.join(' → ')}; remove one of these references.`,
      );
    }
    for (const next of [...resource.dependsOn, ...namedIn(resource.properties)]) visit(next, [...above, id]);
    done.add(id);
  };
  for (const id of resources.keys()) visit(id, []);
}
