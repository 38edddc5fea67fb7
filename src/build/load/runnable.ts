import type { Runnable } from '../../runtime/apply/apply.ts';
import { codeOf } from '../../runtime/contents/function-code.ts';
import type { ResolvedPipeline } from '../../runtime/definition/pipeline.ts';
import { makeRunnable, resolvePipeline } from '../../runtime/stages.ts';
import { packFunctions } from '../pack/functions.ts';
import { isFilePath } from './file-paths.ts';
import { type Definition, type LoadOptions, loadDefinition } from './load.ts';

/** Loads a definition, bundles its functions and reads its seeds, with the same result as a built hook. */
export async function loadRunnable(definition: Definition, options: LoadOptions = {}): Promise<Runnable> {
  const declared = await loadDefinition(definition, options);
  return makeRunnable(declared, options.env ?? process.env, {
    isFilled: isFilePath,
    async readCodes(pipeline) {
      const packed = await packFunctions({ ...declared, pipeline });
      return new Map([...packed].map(([name, { zip }]) => [name, codeOf(zip)]));
    },
  });
}

/** Loads a definition without its code and seeds: enough to plan or destroy it. */
export async function loadResolved(definition: Definition, options: LoadOptions = {}): Promise<ResolvedPipeline> {
  return resolvePipeline(await loadDefinition(definition, options), options.env ?? process.env, isFilePath);
}
