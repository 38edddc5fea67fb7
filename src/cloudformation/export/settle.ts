import { invalidDefinition, parsePipeline } from '../../runtime/definition/check.ts';
import type { Problem } from '../../runtime/definition/messages.ts';
import type { DeclaredPipeline, Pipeline } from '../../runtime/definition/pipeline.ts';
import { fill, mapTexts } from '../../runtime/definition/placeholder-syntax.ts';
import { escaped } from '../literal.ts';

type Path = readonly (string | number)[];

/**
 * Fills placeholders from the environment, except those that can become template parameters. Settings that shape the template
 * (region, runtime, starting position, filters …) are filled now, as code paths are.
 */
export function settle({ pipeline, file }: DeclaredPipeline, env: Record<string, string | undefined>): Pipeline {
  const missing: Problem[] = [];
  const settled = mapTexts(pipeline, (text, path) => {
    if (canBeParameter(path)) return text;
    const filled = fill(text, env, (name) =>
      missing.push({
        path,
        says: `needs ${name}, which is not set here and cannot be a template parameter: set it, or write \${${name}:-default}`,
      }),
    );
    // The result is still definition text, where $${ means a literal ${.
    return escaped(filled);
  });
  if (missing.length > 0) throw invalidDefinition(missing, file);
  return parsePipeline(settled, file);
}

/** Whether a value can be any string and shapes nothing else; code paths are already filled. */
function canBeParameter([kind, , field, key]: Path): boolean {
  if (field === 'tags') return true;
  if (kind === 'functions')
    return ['environment', 'role', 'layers', 'entry', 'directory', 'zip'].includes(String(field));
  return kind === 'eventSourceMappings' && field === 'onFailure' && key === 'arn';
}
