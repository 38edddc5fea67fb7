import type { Runnable } from '../apply/pipeline.ts';
import { bundleFunctions } from '../bundle/functions.ts';
import { loadDefinition } from '../bundle/load.ts';
import { codeOf } from '../code.ts';
import { resolvePlaceholders } from '../definition/placeholders.ts';
import type { Code } from '../resources/function.ts';

/** Loads a definition and bundles its functions in memory: what the hook would find in its folder. */
export async function loadRunnable(file: string): Promise<Runnable> {
  const named = await loadDefinition(file);
  const { pipeline, zips } = await bundleFunctions(named);
  const codes = new Map<string, Code>();
  for (const [name, declared] of Object.entries(pipeline.functions)) {
    const zip = declared.existing ? undefined : zips.get(declared.zip ?? '');
    if (zip) codes.set(name, codeOf(zip));
  }
  return { name: named.name, pipeline: resolvePlaceholders(pipeline, process.env), codes };
}
