import type { Definition, LoadOptions } from '../../build/load/load.ts';
import { loadRunnable } from '../../build/load/runnable.ts';
import { UnreachableError } from '../../runtime/errors.ts';
import type { Finding } from './catalog.ts';
import { diagnose, diagnoseFiles } from './diagnose.ts';
import { type DoctorOptions, readFacts, readFiles } from './read-facts.ts';

/** What is wrong with an engine, and with these definitions on it. Nothing is changed and nothing printed. */
export async function doctor(
  definitions: readonly Definition[] = [],
  options: DoctorOptions & Pick<LoadOptions, 'folder' | 'name'> = {},
): Promise<Finding[]> {
  const runnables = await Promise.all(definitions.map((definition) => loadRunnable(definition, options)));
  try {
    return diagnose(await readFacts(runnables, options));
  } catch (error) {
    // An engine that needs a token never answers: then the files show why.
    if (!(error instanceof UnreachableError) || !(options.hooksDir || options.composeFile)) throw error;
    return diagnoseFiles(error.message, await readFiles(options));
  }
}
