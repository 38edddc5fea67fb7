import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { isFilePath } from '../../build/load/file-paths.ts';
import { MOST_SOURCE_BYTES } from '../../build/pack/function-entry.ts';
import type { DeclaredPipeline } from '../../runtime/definition/pipeline.ts';
import { mapTexts } from '../../runtime/definition/placeholder-syntax.ts';
import { stat } from '../../runtime/file-system.ts';

/** The source files of a definition itself; found even if it cannot be loaded. `file` is absolute. */
export async function ownSources(file: string): Promise<string[]> {
  return file.endsWith('.json') ? [file] : imported([file]);
}

/** The files that a definition refers to: its functions with their imports, except packages, and its seeds. */
export async function namedSources({ pipeline }: Pick<DeclaredPipeline, 'pipeline'>): Promise<string[]> {
  const entries: string[] = [];
  const others: string[] = [];
  mapTexts(pipeline, (text, path) => {
    if (isFilePath(path)) (path.at(-1) === 'entry' ? entries : others).push(text);
    return text;
  });
  return [...others, ...(await imported(entries))];
}

/** Includes modules that do not compile, as dev waits for their fix. */
async function imported(modules: readonly string[]): Promise<string[]> {
  const files = new Set(modules);
  const all = modules.map(async (module) => {
    const info = await stat(module).catch(() => undefined);
    // Loading it reports the error; esbuild would need minutes for gigabytes, and wait for the writer of a pipe.
    if (info && (!info.isFile() || info.size > MOST_SOURCE_BYTES)) return;
    await build({
      entryPoints: [module],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      write: false,
      outdir: dirname(module),
      logLevel: 'silent',
      plugins: [collect(files)],
      // The build that follows reports the errors.
    }).catch(() => undefined);
  });
  await Promise.all(all);
  return [...files];
}

/** The extensions that an import may omit. */
const EXTENSIONS = ['', '.ts', '.mts', '.tsx', '.js', '.mjs', '.json'];

/** A plugin instead of the metafile: a failed build has no metafile. */
function collect(files: Set<string>): Plugin {
  return {
    name: 'collect',
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /.*/, namespace: 'file' }, ({ path }) => {
        files.add(path);
        return undefined;
      });
      onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
        const named = EXTENSIONS.map((extension) => resolve(resolveDir, path + extension));
        if (!named.some((file) => existsSync(file))) for (const file of named) files.add(file);
        return undefined;
      });
    },
  };
}
