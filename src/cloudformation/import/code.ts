import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { literal } from '../literal.ts';
import { fieldsOf } from './document.ts';
import type { Properties } from './properties.ts';
import { type Resolver, Unknown } from './resolve.ts';

/** Where a function's code is, as the definition says it. */
export type Code = { entry: string } | { directory: string } | { zip: string };

/** A function's code: the given one, the one of CodeUri or Code, or what the tool that made the template left beside it. */
export function codeOf(
  properties: Properties,
  handler: string,
  { template, options }: Resolver,
): Code | { inline: string } {
  const { id, metadata } = properties.resource;
  const given = options.codes.get(id);
  const code = properties.any('Code');
  const inline = fieldsOf(code)['ZipFile'];
  if (given === undefined && typeof inline === 'string') return { inline: literal(inline) };
  const from = dirname(resolve(template.source.file));
  const paths = given === undefined ? candidates(code, metadata).map((path) => resolve(from, path)) : [resolve(given)];
  const path = paths.find((each) => existsSync(each));
  if (path === undefined)
    throw properties.invalid(
      'Code',
      `${paths.length > 0 ? `is in ${paths.join(' or ')}, where nothing is` : `is ${described(code)}`}: give --code ${id}=PATH, a folder, a zip or a .ts or .js file`,
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

/** What SAM bundles with esbuild. */
function entryPointIn(folder: string, metadata: Record<string, unknown>): string | undefined {
  const [entry] = [fieldsOf(metadata['BuildProperties'])['EntryPoints']].flat();
  if (metadata['BuildMethod'] !== 'esbuild' || typeof entry !== 'string') return undefined;
  const path = join(folder, entry);
  return existsSync(path) ? path : undefined;
}

function codeAt(path: string, handler: string, folder: string): Code {
  const isDirectory = statSync(path).isDirectory();
  const isSource = !isDirectory && /\.([mc]?js|m?ts)$/.test(path);
  const entry = isDirectory ? sourceIn(path, handler) : isSource ? path : undefined;
  const way = relative(folder, entry ?? path)
    .split(sep)
    .join('/');
  const written = way.startsWith('.') ? way : `./${way}`;
  if (entry) return { entry: written };
  return isDirectory ? { directory: written } : { zip: written };
}

/** A handler's TypeScript, where there is no JavaScript that Lambda could run as it is. */
function sourceIn(folder: string, handler: string): string | undefined {
  const module = join(folder, handler.replace(/\.[^./]+$/, ''));
  const first = (extensions: string[]) => extensions.map((each) => module + each).find((file) => existsSync(file));
  return first(['.js', '.mjs', '.cjs']) ? undefined : first(['.ts', '.mts']);
}

function described(code: unknown): string {
  if (code instanceof Unknown) return code.why;
  return code === undefined ? 'missing' : 'not here';
}
