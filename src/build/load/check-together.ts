import type { DeclaredPipeline } from '../../runtime/definition/pipeline.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { inHookOrder } from './definitions.ts';

interface Use {
  what: string;
  /** Two uses with the same key are of the same resource. */
  key: string;
  existing: boolean;
  by: DeclaredPipeline;
}

/**
 * Rejects pipelines that cannot live in one ready.d: two hooks of one name, one resource declared twice, and a resource that an
 * earlier hook waits for and a later one makes. Engines run one hook after the other, so that wait could only end at its limit.
 */
export function checkTogether(pipelines: readonly DeclaredPipeline[]): void {
  const names = new Map<string, DeclaredPipeline>();
  for (const pipeline of pipelines) {
    // Lower case, because ready.d may be on a file system that takes both for one file.
    const other = names.get(pipeline.name.toLowerCase());
    if (other && other.file !== pipeline.file)
      throw new InvalidInputError(
        `${other.file} and ${pipeline.file} would both be the hook ${pipeline.name}.sh: rename one of them.`,
      );
    names.set(pipeline.name.toLowerCase(), pipeline);
  }
  const uses = [...names.values()].sort((a, b) => inHookOrder(a.name, b.name)).flatMap(usesOf);
  const declared = new Map<string, Use>();
  for (const use of uses.filter(({ existing }) => !existing)) {
    const other = declared.get(use.key);
    if (other && other.by !== use.by)
      throw new InvalidInputError(
        `${use.what} is declared by ${other.by.file} and by ${use.by.file}: declare it in one of them${
          use.what.startsWith('The mapping') ? '' : ', and say existing: true in the other'
        }.`,
      );
    declared.set(use.key, use);
  }
  for (const use of uses.filter(({ existing }) => existing)) {
    const maker = declared.get(use.key);
    if (maker && inHookOrder(use.by.name, maker.by.name) < 0)
      throw new InvalidInputError(
        `${use.what} is existing for ${use.by.file}, but ${maker.by.file}, which makes it, runs later: rename one of them so that it runs first.`,
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
