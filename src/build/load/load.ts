import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { parseJson, parsePipeline } from '../../runtime/definition/check.ts';
import { type Problem, pathText } from '../../runtime/definition/messages.ts';
import type { NamedPipeline, Pipeline } from '../../runtime/definition/pipeline.ts';
import { fill, mapTexts } from '../../runtime/definition/placeholder-syntax.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { checkFileName, hookName, missingDefinition } from './definitions.ts';
import { isFilePath } from './file-paths.ts';
import { runModule } from './module.ts';

export { checkTogether } from './check-together.ts';
export { findDefinitions } from './definitions.ts';

/** Loads one definition, TypeScript, JavaScript or JSON, always as it is on disk now. */
export async function loadDefinition(file: string): Promise<NamedPipeline> {
  const path = resolve(file);
  checkFileName(path);
  const text = await readFile(path, 'utf8').catch(async (error) => {
    throw error.code === 'ENOENT'
      ? await missingDefinition(file, error)
      : new InvalidInputError(`The definition ${file} cannot be read (${error.code}).`, { cause: error });
  });
  const declared = extname(path) === '.json' ? parseJson(text, path) : defaultExport(await runModule(path), path);
  return nameDefinition(declared, path);
}

/**
 * Checks a definition that is there as a value; `file` names it, and its code paths are relative to that file's folder. Messages name
 * it as `source`.
 */
export function nameDefinition(declared: unknown, file: string, source = file): NamedPipeline {
  return { name: hookName(file), file, pipeline: withPaths(parsePipeline(declared, source), file) };
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
    `The definition ${file} must end in "export default definePipeline({ … })": ${seen}. A file that is not a definition belongs in a folder below.`,
  );
}

function kindOf(value: unknown): string {
  if (value instanceof Object && 'then' in value) return 'a promise: await it';
  if (typeof value === 'function') return 'a function: call it';
  return value === null || value === undefined ? String(value) : `a ${typeof value}`;
}

/** Files are packed now, so their paths are the definition's wherever this is started, and placeholders in them are filled now. */
function withPaths(pipeline: Pipeline, file: string): Pipeline {
  return mapTexts(pipeline, (text, path) =>
    isFilePath(path)
      ? resolve(
          dirname(file),
          fill(text, process.env, (variable) => refuseMissing(variable, path)),
        )
      : text,
  );

  function refuseMissing(variable: string, path: Problem['path']): never {
    throw new InvalidInputError(
      `${file}: ${pathText(path)} needs ${variable}, which is not set here, where it is read: set it, or write \${${variable}:-default}.`,
    );
  }
}
