import { textOf } from '../../runtime/definition/messages.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { type Fields, fieldsOf, type Source } from './document.ts';

/** One resource, as written in the template. */
export interface RawResource {
  id: string;
  type: string;
  line: number;
  properties: Fields;
  metadata: Fields;
  /** The name of its condition. */
  condition: string | undefined;
  dependsOn: string[];
}

export const titleOf = ({ id, type, line }: RawResource) => `${id} (${type}, line ${line})`;

export interface RawTemplate {
  source: Source;
  parameters: Fields;
  mappings: Fields;
  conditions: Fields;
  metadata: Fields;
  globals: Fields;
  isServerless: boolean;
  resources: Map<string, RawResource>;
}

/** The parts of a template, unresolved. */
export function templateOf(source: Source): RawTemplate {
  const part = (name: string) => fieldsOf(fieldsOf(source.root)[name]);
  const declared = part('Resources');
  const ids = Object.keys(declared);
  if (ids.length === 0)
    throw new InvalidInputError(
      `${source.file} is not a template: it has no Resources, and it is not a resources.json with kinesis, s3 and lambda.`,
    );
  return {
    source,
    parameters: part('Parameters'),
    mappings: part('Mappings'),
    conditions: part('Conditions'),
    metadata: part('Metadata'),
    globals: part('Globals'),
    isServerless: [fieldsOf(source.root)['Transform']]
      .flat()
      .some((each) => textOf(each).startsWith('AWS::Serverless')),
    resources: new Map(ids.map((id) => [id, resourceOf(id, declared, source)])),
  };
}

function resourceOf(id: string, declared: Fields, source: Source): RawResource {
  const { Type: type, Properties, Metadata, Condition: condition, DependsOn } = fieldsOf(declared[id]);
  const line = source.lineOf(declared, id) ?? 1;
  if (typeof type !== 'string')
    throw new InvalidInputError(`${source.file}:${line} resource ${id} has no Type, such as AWS::Kinesis::Stream.`);
  return {
    id,
    type,
    line,
    properties: fieldsOf(Properties),
    metadata: fieldsOf(Metadata),
    condition: typeof condition === 'string' ? condition : undefined,
    dependsOn: [DependsOn ?? []].flat().map(textOf),
  };
}
