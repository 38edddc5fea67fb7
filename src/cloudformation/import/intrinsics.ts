import { nearest } from '../../runtime/definition/messages.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { fieldsOf } from './document.ts';
import type { RawTemplate } from './template.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const KNOWN = [
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'GetStackOutput',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
  'Contains',
  'EachMemberEquals',
  'EachMemberIn',
  'RefAll',
  'ValueOf',
  'ValueOfAll',
].map((name) => `Fn::${name}`);

/** `Fn::Sub` of `{ 'Fn::Sub': … }`; undefined where a value is no intrinsic function. */
export function intrinsicOf(value: unknown): { name: string; argument: unknown } | undefined {
  const entries = Object.entries(fieldsOf(value));
  const [only] = entries;
  if (entries.length !== 1 || !only) return undefined;
  const [name, argument] = only;
  return name === 'Ref' || name.startsWith('Fn::') ? { name, argument } : undefined;
}

export const SUB_TOKEN = /\$\{(!?)([^}]*)\}/g;

/** `A.B` and `[A, B]` as an id and an attribute. */
export function attributeOf(argument: unknown): [id: string, attribute: string] {
  if (Array.isArray(argument)) return [String(argument[0]), argument.slice(1).join('.')];
  const [id = '', ...attribute] = String(argument).split('.');
  return [id, attribute.join('.')];
}

/** The logical ids that a value names, wherever in it. */
export function namedIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namedIn);
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.name === 'Ref') return [String(intrinsic.argument)];
  if (intrinsic?.name === 'Fn::GetAtt') return [attributeOf(intrinsic.argument)[0]];
  if (intrinsic?.name !== 'Fn::Sub') return Object.values(fieldsOf(value)).flatMap(namedIn);
  const [text, variables] = [intrinsic.argument].flat();
  const own = Object.keys(fieldsOf(variables));
  const names = [...String(text).matchAll(SUB_TOKEN)].flatMap(([, literal, name = '']) =>
    literal ? [] : attributeOf(name.trim())[0],
  );
  return [...names.filter((name) => !own.includes(name)), ...namedIn(variables)];
}

/** Refuses functions that CloudFormation does not have, wherever they stand. */
export function refuseUnknownIntrinsics({ source, resources, conditions }: RawTemplate): void {
  const look = (value: unknown, where: string, line: number): void => {
    if (Array.isArray(value)) for (const item of value) look(item, where, source.lineOf(item) ?? line);
    for (const [key, item] of Object.entries(fieldsOf(value))) {
      const at = source.lineOf(value, key) ?? line;
      if (key.startsWith('Fn::') && !KNOWN.includes(key) && !key.startsWith('Fn::ForEach'))
        throw new InvalidInputError(
          `${source.file}:${at} ${where} uses ${key}, which is no function of CloudFormation${nearest(key, KNOWN)}.`,
        );
      look(item, where, at);
    }
  };
  for (const { id, line, properties } of resources.values()) look(properties, id, line);
  for (const [name, condition] of Object.entries(conditions)) look(condition, `the condition ${name}`, 1);
}

/** Refuses resources that need each other in a circle, as CloudFormation does. */
export function refuseCircles({ source, resources }: RawTemplate): void {
  const done = new Set<string>();
  const visit = (id: string, above: readonly string[]): void => {
    const resource = resources.get(id);
    if (!resource || done.has(id)) return;
    if (above.includes(id)) {
      const circle = [...above.slice(above.indexOf(id)), id];
      throw new InvalidInputError(
        `${source.file}:${resource.line} ${id} needs itself: ${circle.join(' → ')}; take one of these references out.`,
      );
    }
    for (const next of [...resource.dependsOn, ...namedIn(resource.properties)]) visit(next, [...above, id]);
    done.add(id);
  };
  for (const id of resources.keys()) visit(id, []);
}
