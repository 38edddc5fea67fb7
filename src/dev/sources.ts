import { dirname, resolve } from 'node:path';
import { build } from 'esbuild';
import type { NamedPipeline } from '../definition/pipeline.ts';

/** Every file whose change changes what a definition brings up: its own, its functions' and what these import; of packages, none. */
export async function sourcesOf({ file, pipeline }: NamedPipeline): Promise<string[]> {
  const functions = Object.values(pipeline.functions).flatMap((declared) => (declared.existing ? [] : declared));
  const packed = functions.flatMap(({ directory, zip }) => directory ?? zip ?? []);
  const entries = functions.flatMap(({ entry }) => entry ?? []);
  const modules = file.endsWith('.json') ? entries : [file, ...entries];
  return [...new Set([file, ...packed, ...(await imported(modules))])];
}

/** A module that does not compile is watched alone: mending it is what is waited for. */
async function imported(modules: readonly string[]): Promise<string[]> {
  const all = modules.map(async (module) => {
    const absWorkingDir = dirname(module);
    try {
      const { metafile } = await build({
        entryPoints: [module],
        absWorkingDir,
        bundle: true,
        packages: 'external',
        platform: 'node',
        format: 'esm',
        write: false,
        outdir: absWorkingDir,
        metafile: true,
        logLevel: 'silent',
      });
      return Object.keys(metafile.inputs).map((input) => resolve(absWorkingDir, input));
    } catch {
      return [module];
    }
  });
  return (await Promise.all(all)).flat();
}
