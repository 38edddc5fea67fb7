import { basename, dirname } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import type { DeclaredFunction } from '../../runtime/definition/pipeline.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { stat } from '../../runtime/file-system.ts';
import { isBuildFailure, showMessages } from '../esbuild-errors.ts';
import { type Handler, loadHandler } from './handler.ts';
import { probeWrapper, wrappedEntry } from './probe-entry.ts';
import { ownSources, STACKS } from './source-map.ts';

/** The messages that a build prints about a function. */
export interface Remarks {
  /** Possible mistakes, one message each. */
  warnings: string[];
  /** Code that the build added to the user's, one message each. */
  notes: string[];
}

/** The handler's module. */
interface Bundled extends Remarks {
  bytes: Uint8Array;
  /** Its source map. */
  map: string;
}

// The SDK's warning about older versions of Node.js would be the first line of the function's log.
const NO_SDK_WARNING = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

// Bundled CommonJS needs these. `define` inserts them under unique names, because ES modules often declare `__dirname` themselves.
const BANNER = `import { createRequire as __ready_createRequire } from 'node:module';
import { fileURLToPath as __ready_path } from 'node:url';
const require = __ready_createRequire(import.meta.url);
const __ready_filename = __ready_path(import.meta.url);
const __ready_dirname = __ready_path(new URL('.', import.meta.url)).slice(0, -1);
process.env.${NO_SDK_WARNING} = process.env.${NO_SDK_WARNING} || 'true';
${STACKS}`;

export interface Entry {
  entry: string;
  declared: DeclaredFunction;
  handler: Handler;
  /** The runtime's Node.js version. */
  major: number;
  /** How messages name the function. */
  what: string;
  /** Whether to wrap the handler, to answer the hook's probes and first call in its place. */
  isWrapped: boolean;
}

/**
 * Bundles a function's entry into one ES module that needs only Node.js: not every engine includes the AWS SDK. It is not
 * minified, so stack traces keep their function names, and its source map gives them the positions in the user's files.
 */
export async function bundleEntry(asked: Entry): Promise<Bundled> {
  const { entry, handler, major, what } = asked;
  await mustBeFile(entry, `${what} has the entry ${entry}`);
  const options: BuildOptions = {
    // Keeps paths in the bundle independent of the current folder and of the project's location.
    absWorkingDir: dirname(entry),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: `node${major}`,
    banner: { js: BANNER },
    define: { __dirname: '__ready_dirname', __filename: '__ready_filename' },
    logLevel: 'silent',
  };
  try {
    const output = await bundleOnce({ ...options, entryPoints: [entry] });
    if (isCommonJs(output.metafile)) return await bundleCommonJs(asked, options);
    const exported = Object.values(output.metafile.outputs).flatMap((file) => file.exports);
    if (exported.includes(firstPart(handler))) return await answering(asked, options, output, '*');
    throw notExported(asked, exported.length > 0 ? `exports ${exported.join(', ')}` : 'exports nothing');
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new InvalidInputError(`${what} does not compile:\n${await showMessages(error.errors)}`, { cause: error });
  }
}

/** No code is longer; esbuild needs minutes for gigabytes. */
export const MOST_SOURCE_BYTES = 50_000_000;

/** esbuild would wait for the writer of a pipe. */
async function mustBeFile(entry: string, what: string): Promise<void> {
  const info = await stat(entry).catch((error) => {
    if (error.code === 'ENOENT') throw new InvalidInputError(`${what}, which does not exist.`, { cause: error });
    throw error;
  });
  if (!info.isFile()) throw new InvalidInputError(`${what}, which is not a file.`);
  if (info.size > MOST_SOURCE_BYTES)
    throw new InvalidInputError(`${what}, which has ${info.size} bytes; expected at most ${MOST_SOURCE_BYTES}.`);
}

/** Bundled CommonJS has only a default export, but Lambda finds the handler by name; and only running the code reveals its exports. */
async function bundleCommonJs(asked: Entry, options: BuildOptions): Promise<Bundled> {
  const { entry, declared, handler, what } = asked;
  const contents = `export { ${firstPart(handler)} } from ${JSON.stringify(`./${basename(entry)}`)};`;
  const output = await bundleOnce({ ...options, stdin: { contents, resolveDir: dirname(entry), loader: 'js' } });
  const seen = await loadHandler(output.bytes, handler, declared);
  if (seen === 'function') return answering(asked, options, output);
  if (typeof seen === 'string')
    throw notExported(asked, seen === 'undefined' ? 'does not export it' : `exports a ${seen} under that name`);
  const warning = `${what}: could not check the handler, because loading ${entry} failed here: ${seen.error}`;
  return answering(asked, options, { ...output, warnings: [warning, ...output.warnings] });
}

/** Bundles again with the handler wrapped, if the definition asks for checks. */
async function answering(asked: Entry, options: BuildOptions, plain: Bundled, others?: '*'): Promise<Bundled> {
  if (!asked.isWrapped) return plain;
  const contents = wrappedEntry(`./${basename(asked.entry)}`, asked.handler, others);
  const stdin = { contents, resolveDir: dirname(asked.entry), loader: 'js' as const };
  const { bytes, map } = await bundleOnce({ ...options, stdin, plugins: [probeWrapper] });
  const added = bytes.byteLength - plain.bytes.byteLength;
  const note = `${asked.what}: added ${added} bytes around its handler to answer the hook's checks (verifyStart, verifyDelivery)`;
  return { ...plain, bytes, map, notes: [note] };
}

async function bundleOnce(options: BuildOptions): Promise<Bundled & { metafile: Metafile }> {
  const { outputFiles, metafile, warnings } = await build({
    ...options,
    write: false,
    metafile: true,
    outfile: 'index.mjs',
    sourcemap: 'external',
    sourcesContent: false,
  });
  const shown = warnings.length > 0 ? [await showMessages(warnings, 'warning')] : [];
  const output = (extension: string) => outputFiles.find(({ path }) => path.endsWith(extension));
  const map = ownSources(output('.map')?.text ?? '');
  return { bytes: output('.mjs')?.contents ?? Buffer.of(), map, metafile, warnings: shown, notes: [] };
}

/** Whether esbuild treats the entry as CommonJS, whose exports it does not know. */
function isCommonJs({ inputs, outputs }: Metafile): boolean {
  const entry = Object.values(outputs).flatMap(({ entryPoint = [] }) => entryPoint)[0] ?? '';
  return inputs[entry]?.format === 'cjs';
}

const firstPart = ({ exported }: Handler) => exported.split('.')[0] ?? exported;

function notExported({ what, declared, entry }: Entry, found: string): InvalidInputError {
  return new InvalidInputError(
    `${what} has the handler ${declared.handler}, but ${entry} ${found}: export a function with that name, or correct the handler setting.`,
  );
}
