import { basename, extname } from 'node:path';
import { suggest } from '../../runtime/definition/messages.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { METADATA } from '../export/template.ts';
import { addBucket } from './bucket.ts';
import { folderOf } from './code.ts';
import { forDeployment } from './deployment.ts';
import { fieldsOf } from './document.ts';
import type { Draft } from './draft.ts';
import { addFunction } from './function.ts';
import type { ImportOptions } from './import.ts';
import { addMapping } from './mapping.ts';
import { Parameters } from './parameters.ts';
import { Properties } from './properties.ts';
import { Resolver } from './resolve.ts';
import { addStream } from './stream.ts';
import type { RawResource, RawTemplate } from './template.ts';

/** Puts what a template makes into a draft: buckets first, as functions and mappings may be about them. */
export function addResources(template: RawTemplate, draft: Draft, options: ImportOptions): void {
  const { file } = template.source;
  const stackName = basename(file, extname(file)).replace(/[^A-Za-z0-9-]+/g, '-');
  const place = { region: options.region, account: options.account, stackName };
  const parameters = new Parameters(template, options.parameters);
  const resolver = new Resolver(template, parameters, place);
  refuseUnknownCodes(template, options.codes);
  const deployment = forDeployment(template);
  const made = [...template.resources.values()].filter((resource) => {
    const reason = deployment.get(resource.id);
    if (reason) draft.leftOut.push(`${titleOf(resource)}: ${reason}`);
    if (reason) return false;
    resolver.within(resource.id);
    const isMade = resolver.isMade(resource.condition);
    if (!isMade) draft.leftOut.push(`${titleOf(resource)}: its condition ${resource.condition} does not hold`);
    return isMade;
  });
  const existing = addExisting(template, draft);
  const each = (type: string, add: (name: string, properties: Properties, resource: RawResource) => void) => {
    for (const resource of made.filter((one) => one.type === type)) {
      const properties = new Properties(resource, template, resolver);
      add(String(resolver.nameOf(resource.id) ?? resource.id), properties, resource);
      if (properties.unread.length > 0)
        draft.notes.push(`${properties.unread.join(', ')} of ${resource.id}: left out, as there is no counterpart.`);
    }
  };
  const origin = (kind: string, name: string, { id, line }: RawResource) =>
    draft.origins.push({ path: [kind, name], id, line });
  each('AWS::S3::Bucket', (name, properties, resource) => {
    origin('buckets', name, resource);
    addBucket(name, properties, draft);
  });
  each('AWS::Kinesis::Stream', (name, properties, resource) => {
    origin('streams', name, resource);
    addStream(name, properties, draft);
  });
  const bucketOf = (value: unknown) => {
    const id = String(fieldsOf(value)['Ref']);
    const isBucket = template.resources.get(id)?.type === 'AWS::S3::Bucket' || Object.hasOwn(template.parameters, id);
    const name = isBucket ? String(resolver.resolve(value)) : '';
    return Object.hasOwn(draft.buckets, name) && (template.resources.has(id) || existing.has(name)) ? name : undefined;
  };
  const inlineFolder = `functions/${basename(options.out, extname(options.out))}`;
  const code = { from: folderOf(file), to: folderOf(options.out), given: options.codes, inlineFolder };
  each('AWS::Lambda::Function', (name, properties, resource) => {
    origin('functions', name, resource);
    addFunction(name, properties, draft, { ...code, place, bucketOf });
  });
  each('AWS::Lambda::EventSourceMapping', (_name, properties) => addMapping(properties, draft, place));
  for (const [name, variable] of parameters.variables)
    draft.notes.push(`the parameter ${name} is \${${variable}}: it is taken from the hook's environment.`);
  for (const resource of made) if (!IMPORTED.includes(resource.type)) draft.leftOut.push(titleOf(resource));
}

const IMPORTED = [
  'AWS::S3::Bucket',
  'AWS::Kinesis::Stream',
  'AWS::Lambda::Function',
  'AWS::Lambda::EventSourceMapping',
];

const titleOf = ({ id, type, line }: RawResource) => `${id} (${type}, line ${line})`;

/** What an export says that something else makes. Gives the names of the buckets. */
function addExisting({ metadata }: RawTemplate, draft: Draft): Set<string> {
  const existing = fieldsOf(fieldsOf(metadata[METADATA])['Existing']);
  const named = (kind: string) => [existing[kind] ?? []].flat().map(String);
  for (const name of named('Buckets')) draft.buckets[name] = { existing: true };
  for (const name of named('Streams')) draft.streams[name] = { existing: true };
  for (const name of named('Functions')) draft.functions[name] = { existing: true };
  return new Set(named('Buckets'));
}

function refuseUnknownCodes({ source, resources }: RawTemplate, codes: ReadonlyMap<string, string>): void {
  const functions = [...resources.values()].filter(({ type }) => type === 'AWS::Lambda::Function').map(({ id }) => id);
  for (const id of codes.keys())
    if (!functions.includes(id))
      throw new InvalidInputError(
        `${source.file} has no function ${id}${suggest(id, functions, 'it has') || ', nor any other'}.`,
      );
}
