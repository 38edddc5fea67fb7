import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { textOf } from '../../runtime/definition/messages.ts';
import { statSync } from '../../runtime/file-system.ts';
import { literal } from '../literal.ts';
import { type Fields, fieldsOf } from './document.ts';
import type { Draft } from './draft.ts';
import { type Resolver, Unknown } from './intrinsics.ts';
import { filled, type Properties } from './properties.ts';
import { intrinsicOf } from './references.ts';

/** An AWS::Lambda::Function. */
export function addFunction(properties: Properties, draft: Draft, resolver: Resolver): void {
  const name = properties.name();
  if (properties.text('PackageType') === 'Image' || fieldsOf(properties.raw('Code'))['ImageUri'] !== undefined)
    throw properties.invalid(
      'Code',
      'is a container image, which is not supported: use a zip instead, or remove the function',
    );
  const handler = properties.text('Handler') ?? 'index.handler';
  const layers = [properties.any('Layers') ?? []].flat();
  const description = properties.known('Description', properties.any('Description'));
  draft.origins.set(`functions.${name}`, properties.resource);
  draft.functions[name] = {
    ...codeOf(name, handler, properties, draft, resolver),
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

/** A function's code: the path given for it, or else the template's. Inline code becomes a file beside the definition. */
function codeOf(name: string, handler: string, properties: Properties, draft: Draft, resolver: Resolver): Fields {
  const { out, codes } = resolver.options;
  const given = codes.get(properties.resource.id);
  const code = properties.any('Code');
  const inline = fieldsOf(code)['ZipFile'];
  if (given !== undefined || typeof inline !== 'string') return codeOnDisk(given, code, handler, properties, resolver);
  const folder = `functions/${basename(out, extname(out))}/${name}`;
  const extension = properties.text('Runtime')?.startsWith('python') ? 'py' : 'js';
  // Lambda puts inline code into a file called index.
  draft.files.set(`${folder}/index.${extension}`, literal(inline));
  return { directory: `./${folder}` };
}

/** Variables with a bucket's name go to `buckets`, so that it is created first; values that only AWS knows become placeholders. */
function environmentOf(properties: Properties, { notes, buckets: declared }: Draft, { template }: Resolver): Fields {
  const [environment, buckets]: [Fields, Fields] = [{}, {}];
  const raw = fieldsOf(fieldsOf(properties.raw('Environment'))['Variables']);
  const isBucket = (variable: string, name: string) => {
    const { name: intrinsic, argument } = intrinsicOf(raw[variable]) ?? {};
    if (intrinsic !== 'Ref' || !Object.hasOwn(declared, name)) return false;
    const resource = template.resources.get(textOf(argument));
    return resource ? resource.type === 'AWS::S3::Bucket' : fieldsOf(declared[name])['existing'] === true;
  };
  for (const [variable, value] of Object.entries(fieldsOf(fieldsOf(properties.any('Environment'))['Variables']))) {
    if (value instanceof Unknown) {
      environment[variable] = `\${${variable}}`;
      notes.push(
        `environment variable ${variable} of ${properties.resource.id} is ${value.why}, which only AWS knows: the hook reads it from its own environment.`,
      );
    } else if (isBucket(variable, textOf(value))) buckets[variable] = value;
    else environment[variable] = textOf(value);
  }
  return { environment: filled(environment), buckets: filled(buckets) };
}

/** The poller assumes the role, so its account must be the stream's. */
function roleOf(properties: Properties, { notes }: Draft, { options }: Resolver): string | undefined {
  const role = properties.any('Role');
  if (typeof role !== 'string') return undefined;
  if (role.includes(`::${options.account}:`) || role.includes('${')) return role;
  notes.push(`Role of ${properties.resource.id} is left out: ${role} is not in account ${options.account}.`);
  return undefined;
}

/** The given path, the path in CodeUri or Code, or the files that the template's tool left beside it. */
function codeOnDisk(
  given: string | undefined,
  code: unknown,
  handler: string,
  properties: Properties,
  { template, options }: Resolver,
): Fields {
  const { id, metadata } = properties.resource;
  const from = dirname(resolve(template.source.file));
  const paths = given === undefined ? candidates(code, metadata).map((path) => resolve(from, path)) : [resolve(given)];
  const path = paths.find((each) => existsSync(each));
  const missing = code instanceof Unknown ? code.why : code === undefined ? 'missing' : 'not on this machine';
  if (path === undefined)
    throw properties.invalid(
      'Code',
      `${paths.length > 0 ? `is not at ${paths.join(' or ')}` : `is ${missing}`}: pass --code ${id}=PATH with a folder, a zip, or a .ts or .js file`,
    );
  return codeAt(entryPointIn(path, metadata) ?? path, handler, dirname(resolve(options.out)));
}

/** Serverless and CDK leave the code beside the template. */
function candidates(code: unknown, metadata: Record<string, unknown>): string[] {
  if (typeof code === 'string') return /^s3:/.test(code) ? [] : [literal(code)];
  const { S3Key: key } = fieldsOf(code);
  const asset = metadata['aws:asset:path'];
  return [...(typeof asset === 'string' ? [asset] : []), ...(typeof key === 'string' ? [basename(literal(key))] : [])];
}

/** The file that SAM bundles with esbuild. */
function entryPointIn(folder: string, metadata: Record<string, unknown>): string | undefined {
  const [entry] = [fieldsOf(metadata['BuildProperties'])['EntryPoints']].flat();
  if (metadata['BuildMethod'] !== 'esbuild' || typeof entry !== 'string') return undefined;
  const path = join(folder, entry);
  return existsSync(path) ? path : undefined;
}

function codeAt(path: string, handler: string, folder: string): Fields {
  const isDirectory = statSync(path).isDirectory();
  const source = isDirectory ? sourceIn(path, handler) : undefined;
  const kind = source || (!isDirectory && /\.([mc]?js|m?ts)$/.test(path)) ? 'entry' : isDirectory ? 'directory' : 'zip';
  const way = relative(folder, source ?? path).replaceAll(sep, '/');
  return { [kind]: way.startsWith('.') ? way : `./${way}` };
}

/** A handler's TypeScript, unless there is JavaScript that Lambda can run as it is. */
function sourceIn(folder: string, handler: string): string | undefined {
  const module = join(folder, handler.replace(/\.[^./]+$/, ''));
  const first = (extensions: string[]) => extensions.map((each) => module + each).find((file) => existsSync(file));
  return first(['.js', '.mjs', '.cjs']) ? undefined : first(['.ts', '.mts']);
}
