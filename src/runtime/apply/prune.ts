import { ExpectedError } from '../errors.ts';
import { holdsData, type LeftOver } from '../left-over.ts';
import { planPruning } from '../plan.ts';
import { inRun, type Removable, type RunOptions } from './apply.ts';
import type { RunContext } from './context.ts';
import { type Prune, pruneOf, readAll } from './read-left-overs.ts';
import { type Result, runSteps } from './run.ts';

export interface PruneOptions extends RunOptions {
  /** What to delete of it. Default: nothing. */
  prune?: Prune | undefined;
  /** Pipelines that are applied together with it: what they declare is not left over. */
  others?: readonly Removable['pipeline'][];
}

export interface Pruned {
  /** Whether everything that should be deleted is. */
  ok: boolean;
  /** What is left over now. */
  left: LeftOver[];
  /** The deletion; undefined if there was nothing to delete. */
  result?: Result;
}

/**
 * Reports what a pipeline made and no longer declares, and deletes it if asked to: mappings first, then functions, streams and
 * buckets. Call it once everything declared is ready, so that a resource that moved to another pipeline is that one's already.
 */
export function prune(removable: Removable, options: PruneOptions = {}): Promise<Pruned> {
  return inRun(removable, options, async (context) => {
    const found = await readOrReport(removable, context, options);
    const steps = planPruning(removable.pipeline, found.filter(isPrunedBy(options.prune)));
    const result = steps.length > 0 ? await runSteps(removable.name, steps, context, { prunes: true }) : undefined;
    const ok = result?.ok ?? true;
    const left = ok ? found.filter((each) => !isPrunedBy(options.prune)(each)) : found;
    if (left.length > 0) context.emit({ type: 'left-over', ...reportOf(removable, left, options) });
    return { ok, left, ...(result && { result }) };
  });
}

/** A pipeline that is ready stays so if the check fails; only deleting needs it. */
async function readOrReport(removable: Removable, context: RunContext, options: PruneOptions): Promise<LeftOver[]> {
  const nothing = { pipeline: removable.name, resources: [], commands: {} };
  try {
    const { left, hidden } = await readAll(removable, context, options.others);
    if (options.prune && hidden) context.emit({ type: 'left-over', ...nothing, problem: hidden });
    return left;
  } catch (error) {
    if (options.prune || !(error instanceof ExpectedError) || context.signal?.aborted) throw error;
    context.emit({ type: 'left-over', ...nothing, problem: error.message });
    return [];
  }
}

function isPrunedBy(prune: Prune | undefined) {
  return (each: LeftOver) => prune !== undefined && each.usedBy === undefined && (prune === 'data' || !holdsData(each));
}

function reportOf({ name, pruneCommand }: Removable, left: readonly LeftOver[], { endpoint }: PruneOptions) {
  const deletable = left.filter(({ usedBy }) => usedBy === undefined).map(pruneOf);
  const commands = Object.fromEntries(deletable.map((each) => [each, pruneCommand?.(each, endpoint)]));
  return { pipeline: name, resources: [...left], commands };
}
