import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire, SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin, transform } from 'esbuild';
import { isPlain, isTooDeep, withoutUndefined } from '../../runtime/definition/strict-objects.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { type FileError, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from '../../runtime/file-system.ts';
import { isBuildFailure, showMessages } from '../esbuild-errors.ts';
import { ownFile } from '../own-file.ts';

const LOAD_LIMIT_MS = 30_000;

/**
 * Runs a TypeScript or JavaScript module, freshly read from disk, in any kind of project, and returns its exports. Packages
 * resolve from the file's folder; `import.meta`, `require`, `__dirname` and `__filename` are those of each file.
 */
export async function runModule(file: string): Promise<Record<string, unknown>> {
  const { code, map } = await compile(file);
  const { path, remove, elsewhere } = await writeTemporary(file, code);
  try {
    const exported = await withinLimit(import(/* @vite-ignore */ pathToFileURL(path).href), file);
    return 'default' in exported ? { ...exported, default: plain(exported.default) } : exported;
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    const place = placeOf(error, path, map, dirname(file)) ?? file;
    const message = withPaths(messageOf(error)).replaceAll(path, file);
    throw new InvalidInputError(`The definition ${file} throws: ${message} (at ${place}).${elsewhere}`, {
      cause: error,
    });
  } finally {
    await remove();
  }
}

/** Plain data without getters: they can throw, too. TypeScript compiles `export default` to a field of CommonJS's exports. */
function plain(value: unknown): unknown {
  if (isTooDeep(value)) return value;
  const data = withoutUndefined(value);
  return isPlain(data) && isPlain(value) && '__esModule' in value ? data['default'] : data;
}

async function compile(file: string): Promise<{ code: string; map: string }> {
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      absWorkingDir: dirname(file),
      outfile: 'definition.mjs',
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      sourcemap: 'external',
      logLevel: 'silent',
      plugins: [selfImport, ownNames(file)],
      // For the packages that CommonJS requires; it resolves them from the file's folder wherever the code runs.
      banner: {
        js: `import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(${JSON.stringify(file)});`,
      },
      define: namesOf(file),
    });
    const text = (suffix: string) => outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? '';
    return { code: text('.mjs'), map: text('.map') };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new InvalidInputError(`The definition ${file} does not compile:\n${await showMessages(error.errors)}`, {
      cause: error,
    });
  }
}

/** Resolves an import of 'localstack-ready-hooks' to this package, so that it works before the package is built or installed. */
const selfImport: Plugin = {
  name: 'localstack-ready-hooks',
  setup(setup) {
    const path = ownFile('define', import.meta.url);
    setup.onResolve({ filter: /^localstack-ready-hooks$/ }, () => ({ path }));
  },
};

/** The names that stand for a file in its own code. */
function namesOf(file: string): Record<string, string> {
  return {
    'import.meta.url': JSON.stringify(pathToFileURL(file).href),
    'import.meta.filename': JSON.stringify(file),
    'import.meta.dirname': JSON.stringify(dirname(file)),
    __filename: JSON.stringify(file),
    __dirname: JSON.stringify(dirname(file)),
  };
}

/** Gives each imported file its own names, because esbuild's `define` is the same for all files of a bundle. */
function ownNames(entry: string): Plugin {
  return {
    name: 'own-names',
    setup(setup) {
      setup.onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
        if (path === entry) return undefined;
        const text = await readFile(path, 'utf8');
        if (!/import\.meta|__dirname|__filename/.test(text)) return undefined;
        const loader = /ts$/.test(path) ? 'ts' : 'js';
        const options = { loader, define: namesOf(path), sourcefile: path, sourcemap: 'inline' } as const;
        return { contents: (await transform(text, options)).code, loader: 'js' };
      });
    },
  };
}

/**
 * Writes a hidden file beside the module, so that its packages resolve. If that folder is read-only, writes it to a temporary one
 * with links to the same packages.
 */
async function writeTemporary(file: string, code: string) {
  const name = `.ready-hooks-${process.pid}-${randomBytes(6).toString('hex')}.mjs`;
  const path = join(dirname(file), name);
  try {
    await writeFile(path, code, { flag: 'wx' });
    return { path, remove: () => rm(path, { force: true }), elsewhere: '' };
  } catch (cause) {
    const top = await mkdtemp(join(tmpdir(), 'ready-hooks-')).catch((error) => {
      throw new InvalidInputError(
        `Cannot compile ${file}: neither ${dirname(file)} nor ${tmpdir()} is writable (${(cause as FileError).code}, ${error.code}). Make one of them writable, or set TMPDIR to a folder that is.`,
        { cause },
      );
    });
    const folder = await withPackages(top, dirname(file));
    await writeFile(join(folder, name), code);
    return {
      path: join(folder, name),
      remove: () => rm(top, { recursive: true, force: true }),
      elsewhere: ` It ran in ${folder}, because ${dirname(file)} is not writable (${(cause as FileError).code}).`,
    };
  }
}

/** A folder below `top` in which packages resolve as they do in `folder`: each level above it links to one node_modules. */
async function withPackages(top: string, folder: string): Promise<string> {
  const found = (createRequire(join(folder, '_.js')).resolve.paths('x') ?? []).filter((path) => existsSync(path));
  let inner = top;
  for (const modules of found.reverse()) {
    await symlink(modules, join(inner, 'node_modules'), 'junction');
    inner = join(inner, 'in');
    await mkdir(inner);
  }
  return inner;
}

/** Without a limit, a top-level await that never settles would end the process silently. */
async function withinLimit<T>(promise: Promise<T>, file: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const message = `The definition ${file} did not finish loading within ${LOAD_LIMIT_MS / 1000} s: check for an await that never settles.`;
    timer = setTimeout(() => reject(new InvalidInputError(message)), LOAD_LIMIT_MS);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** The file:line:column in the source, from the first stack frame in the compiled file. */
function placeOf(error: unknown, temporary: string, map: string, folder: string): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  // Stacks name ES modules by URL, with spaces and non-ASCII letters encoded.
  const name = [temporary, pathToFileURL(temporary).href].find((each) => stack.includes(each));
  if (!name) return undefined;
  const [, line, column] = /^:(\d+):(\d+)/.exec(stack.slice(stack.indexOf(name) + name.length)) ?? [];
  if (!line || !column) return undefined;
  const found = new SourceMap(JSON.parse(map)).findEntry(Number(line) - 1, Number(column) - 1);
  return 'originalSource' in found
    ? `${resolve(folder, found.originalSource)}:${found.originalLine + 1}:${found.originalColumn + 1}`
    : undefined;
}

/** Node.js names files by URL in some messages, with spaces and non-ASCII letters encoded. */
function withPaths(message: string): string {
  return message.replace(/file:\/\/\/[^\s'")]+/g, (url) => fileURLToPath(url));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
