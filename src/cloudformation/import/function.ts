import { type CodeOptions, codeOf } from './code.ts';
import { type Fields, fieldsOf } from './document.ts';
import type { Draft } from './draft.ts';
import { intrinsicOf } from './intrinsics.ts';
import { defined, type Properties } from './properties.ts';
import type { Place } from './resolve.ts';
import { Unknown } from './unknown.ts';

export interface FunctionOptions extends CodeOptions {
  place: Place;
  /** The folder, from the definition, for code that the template holds itself. */
  inlineFolder: string;
  /** The bucket that a value stands for, when it is one of the pipeline's. */
  bucketOf(value: unknown): string | undefined;
}

/** An AWS::Lambda::Function. */
export function addFunction(name: string, properties: Properties, draft: Draft, options: FunctionOptions): void {
  const { notes } = draft;
  properties.text('FunctionName');
  if (properties.text('PackageType') === 'Image' || fieldsOf(properties.raw('Code'))['ImageUri'] !== undefined)
    throw properties.refuse(
      'Code',
      'is a container image, which this project does not run: make it a zip, or take the function out',
    );
  const handler = properties.text('Handler') ?? 'index.handler';
  const layers = [properties.any('Layers') ?? []]
    .flat()
    .filter((layer) => !(layer instanceof Unknown && notes.push(properties.unknown('a layer', layer))));
  const description = properties.any('Description');
  if (description instanceof Unknown) notes.push(properties.unknown('Description', description));
  draft.functions[name] = defined({
    ...codeOrInline(name, handler, properties, draft, options),
    runtime: properties.text('Runtime'),
    handler,
    memorySize: properties.number('MemorySize'),
    timeoutSeconds: properties.number('Timeout'),
    ...environmentOf(properties, draft, options),
    role: roleOf(properties, draft, options.place),
    architecture: [properties.any('Architectures')].flat()[0],
    layers: layers.length > 0 ? layers : undefined,
    description: description instanceof Unknown ? undefined : description,
    tags: properties.tags(notes),
  });
}

function codeOrInline(
  name: string,
  handler: string,
  properties: Properties,
  draft: Draft,
  options: FunctionOptions,
): Fields {
  const code = codeOf(properties, handler, options);
  if (!('inline' in code)) return code;
  const extension = properties.text('Runtime')?.startsWith('python') ? 'py' : 'js';
  // Lambda puts code that a template holds into the file index.
  draft.files.set(`${options.inlineFolder}/${name}/index.${extension}`, code.inline);
  return { directory: `./${options.inlineFolder}/${name}` };
}

/** A variable that names a bucket makes the bucket first; one that only AWS knows comes from the environment of the hook. */
function environmentOf(properties: Properties, { notes }: Draft, { bucketOf }: FunctionOptions): Fields {
  const { id } = properties.resource;
  const [environment, buckets]: [Fields, Fields] = [{}, {}];
  const raw = fieldsOf(fieldsOf(properties.raw('Environment'))['Variables']);
  const resolved = fieldsOf(fieldsOf(properties.any('Environment'))['Variables']);
  for (const [variable, value] of Object.entries(resolved)) {
    const bucket = intrinsicOf(raw[variable])?.name === 'Ref' ? bucketOf(raw[variable]) : undefined;
    if (bucket !== undefined) buckets[variable] = bucket;
    else if (value instanceof Unknown) {
      environment[variable] = `\${${variable}}`;
      notes.push(
        `environment variable ${variable} of ${id} is ${value.why}, which only AWS knows: it is taken from the hook's environment.`,
      );
    } else environment[variable] = String(value);
  }
  return defined({
    environment: Object.keys(environment).length > 0 ? environment : undefined,
    buckets: Object.keys(buckets).length > 0 ? buckets : undefined,
  });
}

/** The poller assumes the role, so its account must be the stream's. */
function roleOf(properties: Properties, { notes }: Draft, { account }: Place): string | undefined {
  const role = properties.any('Role');
  if (typeof role !== 'string') return undefined;
  if (role.includes(`::${account}:`) || role.includes('${')) return role;
  notes.push(`Role of ${properties.resource.id} is left out: ${role} is not of the account ${account}.`);
  return undefined;
}
