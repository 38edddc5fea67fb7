import type { DeclaredPipeline } from '../../runtime/definition/pipeline.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { inHookOrder } from './definitions.ts';

interface Use {
  what: string;
  /** The same for all uses of one resource. */
  key: string;
  existing: boolean;
  by: DeclaredPipeline;
}

/**
 * Rejects pipelines that cannot share a ready.d: two hooks with one name, a resource declared twice, or a resource that an earlier
 * hook waits for and a later hook creates. Engines run hooks one after another, so that wait would always time out.
 */
export function checkTogether(pipelines: readonly DeclaredPipeline[]): void {
  const names = new Map<string, DeclaredPipeline>();
  for (const pipeline of pipelines) {
    // In lower case, because ready.d may be on a case-insensitive file system.
    const other = names.get(pipeline.name.toLowerCase());
    if (other && other.file !== pipeline.file)
      throw new InvalidInputError(
        `${other.file} and ${pipeline.file} would both build the hook ${pipeline.name}.sh: rename one of them.`,
      );
    names.set(pipeline.name.toLowerCase(), pipeline);
  }
  const uses = [...names.values()].sort((a, b) => inHookOrder(a.name, b.name)).flatMap(usesOf);
  const declared = new Map<string, Use>();
  for (const use of uses.filter(({ existing }) => !existing)) {
    const other = declared.get(use.key);
    if (other && other.by !== use.by)
      throw new InvalidInputError(
        `${use.what} is declared in both ${other.by.file} and ${use.by.file}: declare it in one of them${
          use.what.startsWith('The mapping') ? '' : ', and set existing: true in the other'
        }.`,
      );
    declared.set(use.key, use);
  }
  for (const use of uses.filter(({ existing }) => existing)) {
    const creator = declared.get(use.key);
    if (creator && inHookOrder(use.by.name, creator.by.name) < 0)
      throw new InvalidInputError(
        `${use.what} is declared as existing in ${use.by.file}, but the hook that creates it, from ${creator.by.file}, runs later: rename one of them so that it runs first.`,
      );
  }
}

function usesOf(by: DeclaredPipeline): Use[] {
  const { region, account, buckets, streams, functions, eventSourceMappings } = by.pipeline;
  const place = `${account}/${region}`;
  const usesIn = (kind: string, scope: string, resources: Record<string, { existing?: boolean }>): Use[] =>
    Object.entries(resources).map(([name, { existing = false }]) => ({
      what: `The ${kind} ${name}`,
      key: `${kind} ${scope} ${name}`,
      existing,
      by,
    }));
  return [
    ...usesIn('bucket', 'everywhere', buckets),
    ...usesIn('stream', place, streams),
    ...usesIn('function', place, functions),
    ...eventSourceMappings.map(({ stream, function: name }) => ({
      what: `The mapping from stream ${stream} to function ${name}`,
      key: `mapping ${place} ${stream} ${name}`,
      existing: false,
      by,
    })),
  ];
}
