import type { Definition, LoadOptions } from '../../build/load/load.ts';
import { loadRunnable } from '../../build/load/runnable.ts';
import { resolveEndpoint } from '../../runtime/engine/endpoint.ts';
import { UnreachableError } from '../../runtime/errors.ts';
import type { Finding } from './catalog.ts';
import { diagnose, diagnoseUnreachable } from './diagnose.ts';
import { type Checked, type DoctorOptions, readFacts, readFiles } from './read-facts.ts';

type Options = DoctorOptions & Pick<LoadOptions, 'folder' | 'name'>;

/** Finds problems with an engine and with these definitions on it. Changes and prints nothing. */
export async function doctor(definitions: readonly Definition[] = [], options: Options = {}): Promise<Finding[]> {
  return (await examine(definitions, options)).findings;
}

export interface Examination {
  findings: Finding[];
  /** How many of each were checked; undefined if no engine answered. */
  checked?: { mappings: number; streams: number; functions: number; regions: string[] };
}

/** Like `doctor`, but also counts the checked resources. */
export async function examine(definitions: readonly Definition[], options: Options): Promise<Examination> {
  const runnables = await Promise.all(
    definitions.map(async (definition): Promise<Checked> => {
      const file = typeof definition === 'string' && { file: definition };
      return { ...(await loadRunnable(definition, options)), ...file };
    }),
  );
  try {
    const facts = await readFacts(runnables, options);
    const { mappings, functions } = facts;
    const streams = new Set(mappings.map(({ stream }) => stream.arn)).size;
    return {
      findings: diagnose(facts),
      checked: { mappings: mappings.length, streams, functions: functions.length, regions: facts.regions },
    };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    // An engine that lacks its token never answers; the files show why.
    const findings = diagnoseUnreachable(
      error.message,
      resolveEndpoint(options.endpoint, options.env ?? process.env),
      await readFiles(options),
    );
    if (findings.length === 1 && !options.hooksDir && !options.composeFile) throw error;
    return { findings };
  }
}
