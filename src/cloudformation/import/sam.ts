import { type Fields, fieldsOf } from './document.ts';
import type { RawResource, RawTemplate } from './template.ts';

/** Replaces SAM functions by the resources that SAM creates for them; lists events that are left out, since they are not from Kinesis. */
export function withoutServerless(template: RawTemplate): { template: RawTemplate; leftOut: string[] } {
  if (!template.isServerless) return { template, leftOut: [] };
  const globals = fieldsOf(template.globals['Function']);
  const resources = new Map(template.resources);
  const leftOut: string[] = [];
  for (const [id, resource] of template.resources) {
    if (resource.type !== 'AWS::Serverless::Function') continue;
    const { Events, ...properties } = merged(globals, resource.properties);
    resources.set(id, { ...resource, type: 'AWS::Lambda::Function', properties: withCode(properties) });
    for (const [name, event] of Object.entries(fieldsOf(Events))) {
      const place = { id: `${id}${name}`, line: template.source.lineOf(Events, name) ?? resource.line };
      const { Type, Properties } = fieldsOf(event);
      if (Type !== 'Kinesis') leftOut.push(`event ${name} of ${id} (${Type}, line ${place.line})`);
      else resources.set(place.id, { ...resource, ...place, ...mappingOf(id, fieldsOf(Properties)) });
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

function isMap(value: unknown): value is Fields {
  const keys = Object.keys(fieldsOf(value));
  return keys.length > 0 && !keys.some((key) => /^(Ref|Fn::.*)$/.test(key));
}

function withCode({ CodeUri, InlineCode, ImageUri, ...rest }: Fields): Fields {
  if (InlineCode !== undefined) return { ...rest, Code: { ZipFile: InlineCode } };
  if (ImageUri !== undefined) return { ...rest, Code: { ImageUri } };
  const { Bucket, Key } = fieldsOf(CodeUri);
  return { ...rest, Code: Bucket === undefined ? CodeUri : { S3Bucket: Bucket, S3Key: Key } };
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-kinesis.html */
function mappingOf(owner: string, { Stream, ...rest }: Fields): Pick<RawResource, 'type' | 'properties'> {
  const properties = { ...rest, EventSourceArn: Stream, FunctionName: { Ref: owner } };
  return { type: 'AWS::Lambda::EventSourceMapping', properties };
}
