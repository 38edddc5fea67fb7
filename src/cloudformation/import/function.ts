import { basename, extname } from 'node:path';
import { type Code, codeOf } from './code.ts';
import { type Fields, fieldsOf } from './document.ts';
import type { Draft } from './draft.ts';
import { filled, type Properties } from './properties.ts';
import { intrinsicOf } from './references.ts';
import { type Resolver, Unknown } from './resolve.ts';

/** An AWS::Lambda::Function. */
export function addFunction(properties: Properties, draft: Draft, resolver: Resolver): void {
  const name = properties.name();
  if (properties.text('PackageType') === 'Image' || fieldsOf(properties.raw('Code'))['ImageUri'] !== undefined)
    throw properties.invalid(
      'Code',
      'is a container image, which this project does not run: make it a zip, or take the function out',
    );
  const handler = properties.text('Handler') ?? 'index.handler';
  const layers = [properties.any('Layers') ?? []].flat();
  const description = properties.known('Description', properties.any('Description'));
  draft.origins.set(`functions.${name}`, properties.resource);
  draft.functions[name] = {
    ...writtenCode(name, handler, properties, draft, resolver),
    runtime: properties.text('Runtime'),
    handler,
    memorySize: properties.number('MemorySize'),
    timeoutSeconds: properties.number('Timeout'),
    ...environmentOf(properties, draft, resolver),
    role: roleOf(properties, draft, resolver),
    architecture: [properties.any('Architectures')].flat()[0],
    layers: filled(layers.filter((layer) => properties.known('a layer', layer) !== undefined)),
    description,
    tags: properties.tags(),
  };
}

/** Code that the template holds itself becomes a file beside the definition. */
function writtenCode(name: string, handler: string, properties: Properties, draft: Draft, resolver: Resolver): Code {
  const code = codeOf(properties, handler, resolver);
  if (!('inline' in code)) return code;
  const { out } = resolver.options;
  const folder = `functions/${basename(out, extname(out))}/${name}`;
  const extension = properties.text('Runtime')?.startsWith('python') ? 'py' : 'js';
  // Lambda puts code that a template holds into the file index.
  draft.files.set(`${folder}/index.${extension}`, code.inline);
  return { directory: `./${folder}` };
}

/** A variable that names a bucket makes the bucket first; one that only AWS knows comes from the environment of the hook. */
function environmentOf(properties: Properties, { notes, buckets: declared }: Draft, { template }: Resolver): Fields {
  const [environment, buckets]: [Fields, Fields] = [{}, {}];
  const raw = fieldsOf(fieldsOf(properties.raw('Environment'))['Variables']);
  const isBucket = (variable: string, name: string) => {
    const { name: intrinsic, argument } = intrinsicOf(raw[variable]) ?? {};
    if (intrinsic !== 'Ref' || !Object.hasOwn(declared, name)) return false;
    const resource = template.resources.get(String(argument));
    return resource ? resource.type === 'AWS::S3::Bucket' : fieldsOf(declared[name])['existing'] === true;
  };
  for (const [variable, value] of Object.entries(fieldsOf(fieldsOf(properties.any('Environment'))['Variables']))) {
    if (value instanceof Unknown) {
      environment[variable] = `\${${variable}}`;
      notes.push(
        `environment variable ${variable} of ${properties.resource.id} is ${value.why}, which only AWS knows: it is taken from the hook's environment.`,
      );
    } else if (isBucket(variable, String(value))) buckets[variable] = value;
    else environment[variable] = String(value);
  }
  return { environment: filled(environment), buckets: filled(buckets) };
}

/** The poller assumes the role, so its account must be the stream's. */
function roleOf(properties: Properties, { notes }: Draft, { options }: Resolver): string | undefined {
  const role = properties.any('Role');
  if (typeof role !== 'string') return undefined;
  if (role.includes(`::${options.account}:`) || role.includes('${')) return role;
  notes.push(`Role of ${properties.resource.id} is left out: ${role} is not of the account ${options.account}.`);
  return undefined;
}
