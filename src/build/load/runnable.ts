import type { Runnable } from '../../runtime/apply/apply.ts';
import type { PruneCommand } from '../../runtime/apply/read-left-overs.ts';
import { codeOf } from '../../runtime/contents/function-code.ts';
import type { ResolvedPipeline } from '../../runtime/definition/pipeline.ts';
import { shellWord } from '../../runtime/report/shell-word.ts';
import { makeRunnable, resolvePipeline } from '../../runtime/stages.ts';
import { packFunctions } from '../pack/functions.ts';
import { isFilePath } from './file-paths.ts';
import { type Definition, type LoadOptions, loadDefinition } from './load.ts';

/** Loads a definition, bundles its functions and reads its seeds, with the same result as a built hook. */
export async function loadRunnable(definition: Definition, options: LoadOptions = {}): Promise<Runnable> {
  const declared = await loadDefinition(definition, options);
  const runnable = await makeRunnable(declared, options.env ?? process.env, {
    isFilled: isFilePath,
    async readCodes(pipeline) {
      const packed = await packFunctions({ ...declared, pipeline });
      return new Map([...packed].map(([name, { zip }]) => [name, codeOf(zip)]));
    },
  });
  return { ...runnable, ...pruneCommandOf(definition) };
}

/** Loads a definition without its code and seeds: enough to plan or destroy it. */
export async function loadResolved(
  definition: Definition,
  options: LoadOptions = {},
): Promise<ResolvedPipeline & PruneCommand> {
  const resolved = resolvePipeline(await loadDefinition(definition, options), options.env ?? process.env, isFilePath);
  return { ...resolved, ...pruneCommandOf(definition) };
}

/** No command applies a definition that is a value. */
function pruneCommandOf(definition: Definition): PruneCommand {
  if (typeof definition !== 'string') return {};
  return {
    pruneCommand: (prune, endpoint) =>
      [
        `npx ready-hooks apply ${shellWord(definition)}`,
        ...(endpoint === undefined ? [] : [`--endpoint ${shellWord(endpoint)}`]),
        prune === 'data' ? '--prune-data' : '--prune',
      ].join(' '),
  };
}
