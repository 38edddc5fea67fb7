import { InvalidInputError } from '../../runtime/errors.ts';
import { type Fields, fieldsOf, type Source } from './document.ts';

/** One resource of a template as it stands there. */
export interface RawResource {
  id: string;
  type: string;
  line: number;
  properties: Fields;
  metadata: Fields;
  /** The name of the condition under which it is made. */
  condition?: string;
  dependsOn: string[];
}

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

/** The parts of a template, with nothing resolved. */
export function templateOf(source: Source): RawTemplate {
  const { file, root, lineOf } = source;
  const fields = fieldsOf(root);
  const declared = fieldsOf(fields['Resources']);
  if (Object.keys(declared).length === 0)
    throw new InvalidInputError(
      `${file} is no template: it has no Resources, nor is it a resources.json with kinesis, s3 and lambda.`,
    );
  const resources = new Map<string, RawResource>();
  for (const [id, value] of Object.entries(declared)) {
    const resource = fieldsOf(value);
    const line = lineOf(declared, id) ?? 1;
    if (typeof resource['Type'] !== 'string')
      throw new InvalidInputError(`${file}:${line} resource ${id} has no Type, as AWS::Kinesis::Stream.`);
    resources.set(id, {
      id,
      type: resource['Type'],
      line,
      properties: fieldsOf(resource['Properties']),
      metadata: fieldsOf(resource['Metadata']),
      ...(typeof resource['Condition'] === 'string' && { condition: resource['Condition'] }),
      dependsOn: [resource['DependsOn'] ?? []].flat().map(String),
    });
  }
  return {
    source,
    resources,
    parameters: fieldsOf(fields['Parameters']),
    mappings: fieldsOf(fields['Mappings']),
    conditions: fieldsOf(fields['Conditions']),
    metadata: fieldsOf(fields['Metadata']),
    globals: fieldsOf(fields['Globals']),
    isServerless: [fields['Transform']].flat().some((each) => String(each).startsWith('AWS::Serverless')),
  };
}
