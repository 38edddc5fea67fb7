import { invalidDefinition, parsePipeline } from '../../runtime/definition/check.ts';
import type { Problem } from '../../runtime/definition/messages.ts';
import type { DeclaredPipeline, Pipeline } from '../../runtime/definition/pipeline.ts';
import { fill, mapTexts } from '../../runtime/definition/placeholder-syntax.ts';
import { escaped } from '../literal.ts';

type Path = readonly (string | number)[];

/**
 * A pipeline in which placeholders are left only where a parameter of the template can stand for them. What decides how the
 * template is made (region, runtime, starting position, filters …) is taken from the environment now, as code paths are.
 */
export function settle({ pipeline, file }: DeclaredPipeline, env: Record<string, string | undefined>): Pipeline {
  const missing: Problem[] = [];
  const settled = mapTexts(pipeline, (text, path) => {
    if (canBeParameter(path)) return text;
    const filled = fill(text, env, (name) =>
      missing.push({
        path,
        says: `needs ${name}, which is not set here and cannot be a parameter of the template: set it, or write \${${name}:-default}`,
      }),
    );
    // It stays a text in which $${ is a literal ${.
    return escaped(filled);
  });
  if (missing.length > 0) throw invalidDefinition(missing, file);
  return parsePipeline(settled, file);
}

/** Values that decide nothing but themselves and may be anything; code paths are filled in already. */
function canBeParameter([kind, , field, key]: Path): boolean {
  if (field === 'tags') return true;
  if (kind === 'functions')
    return ['environment', 'role', 'layers', 'entry', 'directory', 'zip'].includes(String(field));
  return kind === 'eventSourceMappings' && field === 'onFailure' && key === 'arn';
}
