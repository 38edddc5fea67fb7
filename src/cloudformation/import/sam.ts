import { type Fields, fieldsOf } from './document.ts';
import type { RawResource, RawTemplate } from './template.ts';

/** A template with its SAM functions as what SAM makes of them, and their events that are not of Kinesis, which are left out. */
export function withoutServerless(template: RawTemplate): { template: RawTemplate; leftOut: string[] } {
  if (!template.isServerless) return { template, leftOut: [] };
  const globals = fieldsOf(template.globals['Function']);
  const resources = new Map<string, RawResource>();
  const leftOut: string[] = [];
  for (const [id, resource] of template.resources) {
    if (resource.type !== 'AWS::Serverless::Function') {
      resources.set(id, resource);
      continue;
    }
    const { Events, ...properties } = merged(globals, resource.properties);
    resources.set(id, { ...resource, type: 'AWS::Lambda::Function', properties: withCode(properties) });
    for (const [name, event] of Object.entries(fieldsOf(Events))) {
      const line = template.source.lineOf(Events, name) ?? resource.line;
      if (fieldsOf(event)['Type'] === 'Kinesis') resources.set(`${id}${name}`, mappingOf(resource, name, line, event));
      else leftOut.push(`event ${name} of ${id} (${fieldsOf(event)['Type']}, line ${line})`);
    }
  }
  return { template: { ...template, resources }, leftOut };
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html */
function merged(globals: Fields, own: Fields): Fields {
  const all: Fields = { ...globals, ...own };
  for (const [key, value] of Object.entries(globals)) {
    const mine = own[key];
    if (Array.isArray(value) && Array.isArray(mine)) all[key] = [...value, ...mine];
    else if (isMap(value) && isMap(mine)) all[key] = merged(value, mine);
  }
  return all;
}

const isMap = (value: unknown): value is Fields =>
  Object.keys(fieldsOf(value)).length > 0 && !Object.keys(fieldsOf(value)).some((key) => /^(Ref|Fn::.*)$/.test(key));

function withCode({ CodeUri, InlineCode, ImageUri, ...rest }: Fields): Fields {
  if (InlineCode !== undefined) return { ...rest, Code: { ZipFile: InlineCode } };
  if (ImageUri !== undefined) return { ...rest, Code: { ImageUri } };
  const { Bucket, Key } = fieldsOf(CodeUri);
  return { ...rest, Code: Bucket === undefined ? CodeUri : { S3Bucket: Bucket, S3Key: Key } };
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-kinesis.html */
function mappingOf(owner: RawResource, name: string, line: number, event: unknown): RawResource {
  const { Stream, ...rest } = fieldsOf(fieldsOf(event)['Properties']);
  return {
    id: `${owner.id}${name}`,
    type: 'AWS::Lambda::EventSourceMapping',
    line,
    properties: { ...rest, EventSourceArn: Stream, FunctionName: { Ref: owner.id } },
    metadata: {},
    ...(owner.condition && { condition: owner.condition }),
    dependsOn: [],
  };
}
