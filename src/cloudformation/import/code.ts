import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { literal } from '../literal.ts';
import { fieldsOf } from './document.ts';
import type { Properties } from './properties.ts';
import { Unknown } from './unknown.ts';

/** Where a function's code is, as the definition says it. */
export type Code = { entry: string } | { directory: string } | { zip: string };

export interface CodeOptions {
  /** Folder of the template, from which its paths start. */
  from: string;
  /** Folder of the definition, from which its paths start. */
  to: string;
  /** Given paths by logical id. */
  given: ReadonlyMap<string, string>;
}

const ENTRY = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/** A function's code: the given one, the one of CodeUri or Code, or what the tool that made the template left beside it. */
export function codeOf(properties: Properties, handler: string, options: CodeOptions): Code | { inline: string } {
  const { id, metadata } = properties.resource;
  const given = options.given.get(id);
  const code = properties.any('Code');
  const inline = fieldsOf(code)['ZipFile'];
  if (given === undefined && typeof inline === 'string') return { inline: literal(inline) };
  const paths =
    given === undefined ? candidates(code, metadata).map((path) => resolve(options.from, path)) : [resolve(given)];
  const path = paths.find((each) => existsSync(each));
  if (path === undefined)
    throw properties.refuse(
      'Code',
      `${paths.length > 0 ? `is in ${paths.join(' or ')}, where nothing is` : `is ${described(code)}`}: give --code ${id}=PATH, a folder, a zip or a .ts or .js file`,
    );
  const entries = [fieldsOf(metadata['BuildProperties'])['EntryPoints']].flat();
  const entry =
    metadata['BuildMethod'] === 'esbuild' && typeof entries[0] === 'string' ? join(path, entries[0]) : undefined;
  return relativeTo(options.to, entry && existsSync(entry) ? entry : path, handler);
}

/** Serverless and CDK leave the code beside the template. */
function candidates(code: unknown, metadata: Record<string, unknown>): string[] {
  if (typeof code === 'string') return /^s3:/.test(code) ? [] : [literal(code)];
  const { S3Key: key } = fieldsOf(code);
  const asset = metadata['aws:asset:path'];
  return [...(typeof asset === 'string' ? [asset] : []), ...(typeof key === 'string' ? [basename(literal(key))] : [])];
}

function relativeTo(folder: string, path: string, handler: string): Code {
  const entry = statSync(path).isDirectory()
    ? sourceIn(path, handler)
    : ENTRY.includes(extname(path))
      ? path
      : undefined;
  if (entry) return { entry: pathFrom(folder, entry) };
  return statSync(path).isDirectory() ? { directory: pathFrom(folder, path) } : { zip: pathFrom(folder, path) };
}

/** A handler's TypeScript, where there is no JavaScript that Lambda could run as it is. */
function sourceIn(folder: string, handler: string): string | undefined {
  const module = join(folder, handler.replace(/\.[^./]+$/, ''));
  const first = (extensions: string[]) => extensions.map((each) => module + each).find((file) => existsSync(file));
  return first(['.js', '.mjs', '.cjs']) ? undefined : first(['.ts', '.mts']);
}

export function pathFrom(folder: string, path: string): string {
  const way = relative(folder, path).split(sep).join('/');
  return way.startsWith('.') ? way : `./${way}`;
}

function described(code: unknown): string {
  if (code === undefined) return 'missing';
  if (code instanceof Unknown) return code.why;
  const { S3Bucket: bucket, S3Key: key } = fieldsOf(code);
  const show = (value: unknown) => (value instanceof Unknown ? value.why : String(value));
  return key === undefined ? 'not here' : `s3://${show(bucket)}/${show(key)}`;
}

export const folderOf = (file: string) => dirname(resolve(file));
