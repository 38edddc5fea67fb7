import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import type { DeclaredFunction } from '../../runtime/definition/pipeline.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { isBuildFailure, showMessages } from '../esbuild-errors.ts';
import { type Handler, loadHandler } from './handler.ts';
import { probeWrapper, wrappedEntry } from './probe-entry.ts';

/** What a build prints about a function. */
export interface Remarks {
  /** What is odd but need not be wrong, a text each. */
  warnings: string[];
  /** What was put in that is not the user's, a text each. */
  notes: string[];
}

/** The handler's module. */
interface Bundled extends Remarks {
  bytes: Uint8Array;
}

// Bundled code may hold CommonJS, which looks for these. The names are our own, put in by `define` where the code has none itself:
// ES modules often declare their own `__dirname`.
const BANNER = `import { createRequire as __ready_createRequire } from 'node:module';
import { fileURLToPath as __ready_path } from 'node:url';
const require = __ready_createRequire(import.meta.url);
const __ready_filename = __ready_path(import.meta.url);
const __ready_dirname = __ready_path(new URL('.', import.meta.url)).slice(0, -1);`;

export interface Entry {
  entry: string;
  declared: DeclaredFunction;
  handler: Handler;
  /** The runtime's node version. */
  major: number;
  /** How messages name the function. */
  what: string;
  /** Whether probes are to be answered in place of the handler. */
  answersProbes: boolean;
}

/**
 * Bundles a function's entry into one ES module that needs nothing of the runtime but node: not every engine brings the AWS SDK.
 * It is not minified and has no source map, which would triple the zip: a stack trace in the function's log names its functions
 * anyway, and Lambda reads no maps by itself.
 */
export async function bundleEntry(asked: Entry): Promise<Bundled> {
  const { entry, handler, major, what } = asked;
  if (!existsSync(entry)) throw new InvalidInputError(`${what} has the entry ${entry}, which is not there.`);
  const options: BuildOptions = {
    // Paths in the bundle are then the same wherever the build is started and wherever the project is.
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

/** Bundled CommonJS has a default export only, where Lambda looks for the handler by name; and only running it shows what it exports. */
async function bundleCommonJs(asked: Entry, options: BuildOptions): Promise<Bundled> {
  const { entry, declared, handler, what } = asked;
  const contents = `export { ${firstPart(handler)} } from ${JSON.stringify(`./${basename(entry)}`)};`;
  const output = await bundleOnce({ ...options, stdin: { contents, resolveDir: dirname(entry), loader: 'js' } });
  const seen = await loadHandler(output.bytes, handler, declared);
  if (seen === 'function') return answering(asked, options, output);
  if (typeof seen === 'string')
    throw notExported(asked, seen === 'undefined' ? 'has no such export' : `has a ${seen} there`);
  const warning = `${what}: its handler could not be checked, as loading ${entry} fails here: ${seen.error}`;
  return answering(asked, options, { ...output, warnings: [warning, ...output.warnings] });
}

/** The bundle again, with what answers probes around its handler, where that is asked for. */
async function answering(asked: Entry, options: BuildOptions, plain: Bundled, others?: '*'): Promise<Bundled> {
  if (!asked.answersProbes) return plain;
  const contents = wrappedEntry(`./${basename(asked.entry)}`, asked.handler, others);
  const stdin = { contents, resolveDir: dirname(asked.entry), loader: 'js' as const };
  const { bytes } = await bundleOnce({ ...options, stdin, plugins: [probeWrapper] });
  const added = bytes.byteLength - plain.bytes.byteLength;
  const note = `${asked.what}: ${added} bytes that answer probes were put around its handler (verifyDelivery)`;
  return { ...plain, bytes, notes: [note] };
}

async function bundleOnce(options: BuildOptions): Promise<Bundled & { metafile: Metafile }> {
  const { outputFiles, metafile, warnings } = await build({
    ...options,
    write: false,
    metafile: true,
    outfile: 'index.mjs',
  });
  const shown = warnings.length > 0 ? [await showMessages(warnings, 'warning')] : [];
  return { bytes: outputFiles[0]?.contents ?? Buffer.of(), metafile, warnings: shown, notes: [] };
}

/** Whether esbuild took the entry for CommonJS, of whose exports it knows nothing. */
function isCommonJs({ inputs, outputs }: Metafile): boolean {
  const entry = Object.values(outputs)[0]?.entryPoint ?? '';
  return inputs[entry]?.format === 'cjs';
}

const firstPart = ({ exported }: Handler) => exported.split('.')[0] ?? exported;

function notExported({ what, declared, entry }: Entry, found: string): InvalidInputError {
  return new InvalidInputError(
    `${what} has the handler ${declared.handler}, but ${entry} ${found}: export a function of that name, or correct handler.`,
  );
}
