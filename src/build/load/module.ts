import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire, SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { isTooDeep, withoutUndefined } from '../../runtime/definition/strict-objects.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { mkdir, rm, writeFile } from '../../runtime/file-system.ts';
import { isBuildFailure, showMessages } from '../esbuild-errors.ts';
import { ownFile } from '../own-file.ts';

const LOAD_LIMIT_MS = 30_000;

/**
 * Runs a TypeScript or JavaScript module, freshly read from disk, in any kind of project, and returns its exports. Packages
 * resolve from the file's folder; `import.meta.url` is the file's.
 */
export async function runModule(file: string): Promise<Record<string, unknown>> {
  const { code, map } = await compile(file);
  const temporary = await writeBeside(file, code);
  try {
    const exported = await withinLimit(import(/* @vite-ignore */ pathToFileURL(temporary).href), file);
    // Its getters run here, because they can throw, too.
    const { default: value } = exported;
    return 'default' in exported
      ? { ...exported, default: isTooDeep(value) ? value : withoutUndefined(value) }
      : exported;
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    const place = placeOf(error, temporary, map, dirname(file)) ?? file;
    const message = withPaths(messageOf(error)).replaceAll(temporary, file);
    throw new InvalidInputError(`The definition ${file} throws: ${message} (at ${place}).`, { cause: error });
  } finally {
    await rm(temporary, { force: true });
  }
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
      plugins: [selfImport],
      define: {
        'import.meta.url': JSON.stringify(pathToFileURL(file).href),
        'import.meta.filename': JSON.stringify(file),
        'import.meta.dirname': JSON.stringify(dirname(file)),
      },
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

/** Writes a hidden file beside the module, so that its packages resolve, or elsewhere if that folder is read-only. */
async function writeBeside(file: string, code: string): Promise<string> {
  const name = `.ready-hooks-${process.pid}-${randomBytes(6).toString('hex')}.mjs`;
  const folders = [dirname(file), nearestCache(dirname(file)), tmpdir()];
  let reason: unknown;
  for (const folder of folders) {
    if (!folder) continue;
    try {
      if (folder !== dirname(file)) await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), code, { flag: 'wx' });
      return join(folder, name);
    } catch (error) {
      reason = error;
    }
  }
  throw new InvalidInputError(
    `Cannot compile ${file}: none of these folders is writable: ${folders.filter(Boolean).join(', ')}.`,
    {
      cause: reason,
    },
  );
}

function nearestCache(folder: string): string | undefined {
  const modules = (createRequire(join(folder, '_.js')).resolve.paths('x') ?? []).find((path) => existsSync(path));
  return modules && join(modules, '.cache', 'ready-hooks');
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
