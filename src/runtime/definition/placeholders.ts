import { checkResolved, invalidDefinition } from './check.ts';
import type { Problem } from './messages.ts';
import type { Pipeline } from './pipeline.ts';
import { fill, mapTexts } from './placeholder-syntax.ts';

/**
 * Replaces `${NAME}` and `${NAME:-default}` in a pipeline with the environment's values, and checks it again. Every value
 * can have placeholders, filters and paths included; names and references cannot. `$${` gives a literal `${`.
 * Leaves strings alone if `isFilled` is true for their path.
 */
export function resolvePlaceholders(
  pipeline: Pipeline,
  env: Record<string, string | undefined>,
  isFilled: (path: Problem['path']) => boolean = () => false,
): Pipeline {
  const missing: Problem[] = [];
  const resolved = mapTexts(pipeline, (text, path) =>
    isFilled(path)
      ? text
      : fill(text, env, (name) =>
          missing.push({
            path,
            says: `needs ${name}, which is not set: set ${name} in this shell (for a hook, in the environment of LocalStack's container), or write \${${name}:-default}`,
          }),
        ),
  );
  if (missing.length > 0) throw invalidDefinition(missing, 'Environment');
  return checkResolved(resolved, pipeline);
}
