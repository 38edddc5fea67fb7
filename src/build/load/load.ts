import { dirname, extname, resolve } from 'node:path';
import { parseJson, parsePipeline } from '../../runtime/definition/check.ts';
import type { PipelineInput } from '../../runtime/definition/input.ts';
import { type Problem, pathText } from '../../runtime/definition/messages.ts';
import type { DeclaredPipeline, Pipeline } from '../../runtime/definition/pipeline.ts';
import { fill, mapTexts } from '../../runtime/definition/placeholder-syntax.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { readFile } from '../../runtime/file-system.ts';
import { checkFileName, hookName, missingDefinition } from './definitions.ts';
import { isFilePath } from './file-paths.ts';
import { runModule } from './module.ts';

/** A definition's file (.ts, .js or .json), or the definition as a value, with code paths relative to `folder`. */
export type Definition = string | PipelineInput;

export interface LoadOptions {
  /** For a definition given as a value: the folder its code paths are relative to. Default: the current folder. */
  folder?: string | undefined;
  /**
   * For a definition given as a value: its name in events and messages, default `pipeline`. It also identifies the pipeline, as the
   * file name does: without a file or a name, it is unknown which resources a definition made and no longer declares.
   */
  name?: string | undefined;
  /** The values of placeholders. Default `process.env`. */
  env?: Record<string, string | undefined> | undefined;
}

/** Far more than all resources of an engine take. */
const MOST_CHARACTERS = 5_000_000;

/** Loads one definition. Reads a file (TypeScript, JavaScript or JSON) from disk each time, never from a cache. */
export async function loadDefinition(
  definition: Definition,
  { folder = '.', name, env = process.env }: LoadOptions = {},
): Promise<DeclaredPipeline> {
  if (typeof definition !== 'string') {
    const title = name ?? 'pipeline';
    const source = `The definition ${title}`;
    const declared = nameDefinition(definition, resolve(folder, `${title}.ts`), { source, env });
    return { ...declared, owner: name === undefined ? undefined : declared.name };
  }
  const file = resolve(definition);
  checkFileName(file);
  const text = await readFile(file, 'utf8').catch(async (error) => {
    throw error.code === 'ENOENT' ? await missingDefinition(definition, error) : error;
  });
  if (text.length > MOST_CHARACTERS)
    throw new InvalidInputError(
      `The definition ${definition} has ${text.length} characters, but may have at most ${MOST_CHARACTERS}: move data into seeds, or split it.`,
    );
  const value = extname(file) === '.json' ? parseJson(text, file) : defaultExport(await runModule(file), file);
  return nameDefinition(value, file, { env });
}

/**
 * Checks a definition given as a value. `file` names it, and its folder is where code paths start; messages call it `source`. The
 * placeholders of file paths are filled from `env`.
 */
export function nameDefinition(
  value: unknown,
  file: string,
  { source = file, env = process.env }: { source?: string; env?: NonNullable<LoadOptions['env']> } = {},
): DeclaredPipeline {
  const name = hookName(file);
  return { name, owner: name, file, pipeline: withPaths(parsePipeline(value, source), file, env) };
}

function defaultExport(exported: Record<string, unknown>, file: string): unknown {
  const value = exported['default'];
  if (value !== undefined && value !== null && typeof value === 'object' && !('then' in value)) return value;
  const names = Object.keys(exported).filter((name) => name !== 'default');
  const seen =
    'default' in exported
      ? `its default export is ${kindOf(value)}`
      : `it exports ${names.length > 0 ? `only ${names.join(', ')}` : 'nothing'}`;
  throw new InvalidInputError(
    `The definition ${file} must end in "export default definePipeline({ … })", but ${seen}. If it is not a definition, move it to a subfolder.`,
  );
}

function kindOf(value: unknown): string {
  if (value instanceof Object && 'then' in value) return 'a promise: await it';
  if (typeof value === 'function') return 'a function: call it';
  return value === null || value === undefined ? String(value) : `a ${typeof value}`;
}

/** Resolves file paths against the definition and fills their placeholders, because the files are packed now. */
function withPaths(pipeline: Pipeline, file: string, env: NonNullable<LoadOptions['env']>): Pipeline {
  return mapTexts(pipeline, (text, path) => {
    if (!isFilePath(path)) return text;
    const filled = fill(text, env, (variable) => rejectMissing(variable, path));
    return resolve(dirname(file), filled);
  });

  function rejectMissing(variable: string, path: Problem['path']): never {
    throw new InvalidInputError(
      `${file}: ${pathText(path)} needs ${variable}, which is not set here: set it while you build or apply, or write \${${variable}:-default}.`,
    );
  }
}
