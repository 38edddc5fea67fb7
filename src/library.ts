import type { Definition, LoadOptions } from './build/load/load.ts';
import { loadResolved, loadRunnable } from './build/load/runnable.ts';
import { stoppedBy, stoppedReading } from './features/aborted.ts';
import { outputsOf } from './features/outputs/file.ts';
import type { Outputs } from './features/outputs/outputs.ts';
import { type Status, statusOf } from './features/status/status.ts';
import { type WaitOptions, waitUntilReady } from './features/status/wait.ts';
import { apply, destroy, previewPipeline, type ReadOptions, type RunOptions } from './runtime/apply/apply.ts';
import type { Preview } from './runtime/apply/preview.ts';
import { prune } from './runtime/apply/prune.ts';
import type { Prune } from './runtime/apply/read-left-overs.ts';
import type { Result } from './runtime/apply/run.ts';
import { ExpectedError } from './runtime/errors.ts';
import { type Identity, identityOf, keyOf } from './runtime/identity.ts';
import { labelOf, planSteps } from './runtime/plan.ts';

export interface PipelineOptions extends ReadOptions, Pick<LoadOptions, 'folder' | 'name'> {}

/** For applyPipeline and destroyPipeline. */
export interface PipelineRunOptions extends PipelineOptions, Pick<RunOptions, 'limitMs' | 'onEvent'> {}

/** A step of a pipeline failed: `result` has the outcome of each step, `errors` the reasons. */
export class PipelineError extends ExpectedError {
  override name = 'PipelineError';
  readonly result: Result;
  readonly errors: Error[];
  constructor(pipeline: string, result: Result) {
    const errors = Object.values(result.failures);
    const reasons = errors.map(({ message }) => message).join('\n') || 'the run was stopped before it started';
    super(`The pipeline ${pipeline} is not ready: ${reasons}`, { cause: errors[0] });
    this.result = result;
    this.errors = errors;
  }
}

/** One step of a plan; with an endpoint, also the change that apply would make there. */
export interface PlannedStep extends Identity {
  /** Labels, for people. */
  step: string;
  needs: string[];
  existing: boolean;
  preview?: Preview;
}

/**
 * Creates or updates a pipeline, and resolves when everything is ready. `leftOver` of the result is what the pipeline made and no
 * longer declares; `prune` deletes it: with `true`, only mappings and functions, with `data`, also streams and buckets with their data
 * (default: nothing). Throws PipelineError if a step fails, InvalidInputError for a definition that is rejected, and UnreachableError
 * if nothing answers.
 */
export async function applyPipeline(
  definition: Definition,
  { prune: wanted = false, ...options }: PipelineRunOptions & { prune?: boolean | 'data' } = {},
): Promise<Result> {
  const runnable = await loadRunnable(definition, options);
  const applied = orThrow(runnable.name, await apply(runnable, options));
  const what: Prune | undefined = wanted === true ? 'functions' : wanted || undefined;
  const { result, left } = await prune(runnable, { ...options, prune: what }).catch(stoppedIn(runnable, options));
  if (result) orThrow(runnable.name, result);
  return { ...applied, leftOver: left };
}

/**
 * Deletes the resources of a pipeline, in reverse order of creation, and those that it made and no longer declares. Throws
 * ExpectedError, and deletes nothing, if a bucket holds objects and `emptyBuckets` is not set (default false), and PipelineError if a
 * step fails.
 */
export async function destroyPipeline(
  definition: Definition,
  options: PipelineRunOptions & { emptyBuckets?: boolean } = {},
): Promise<Result> {
  const resolved = await loadResolved(definition, options);
  return orThrow(resolved.name, await destroy(resolved, options).catch(stoppedIn(resolved, options)));
}

/**
 * Returns the endpoint, names, ARNs and mapping UUIDs of a pipeline that is ready. Throws ExpectedError if a mapping does not exist.
 */
export async function pipelineOutputs(definition: Definition, options: PipelineOptions = {}): Promise<Outputs> {
  const { pipeline } = await loadResolved(definition, options);
  return outputsOf(pipeline, options);
}

/**
 * Returns the steps of a pipeline in order. With `endpoint`, also the changes that apply would make there, and at the end what the
 * pipeline made and no longer declares (`preview.change` is `left over`). Changes nothing.
 */
export async function planPipeline(definition: Definition, options: PipelineOptions = {}): Promise<PlannedStep[]> {
  const { endpoint, signal } = options;
  const runnable = endpoint ? await loadRunnable(definition, options) : undefined;
  const previews =
    endpoint && runnable ? await previewPipeline(runnable, options).catch(stoppedReading(endpoint, signal)) : [];
  const { pipeline } = runnable ?? (await loadResolved(definition, options));
  const steps = planSteps(pipeline).map((step) => {
    const preview = previews.find((each) => keyOf(each) === keyOf(step));
    const needs = step.needs.map(labelOf);
    return { step: step.label, ...identityOf(step), needs, existing: step.existing, ...(preview && { preview }) };
  });
  const left = previews.filter(({ change }) => change === 'left over');
  const leftOver = left.map((preview) => ({ step: preview.step, ...identityOf(preview), preview }));
  return [...steps, ...leftOver.map((each) => ({ ...each, needs: [], existing: false }))];
}

/** Reads the state of the engine's hooks and the pipeline's resources once. Changes and prints nothing. Throws UnreachableError if nothing answers. */
export async function pipelineStatus(definition: Definition, options: PipelineOptions = {}): Promise<Status> {
  return statusOf([await loadRunnable(definition, options)], options);
}

/**
 * Resolves when every hook has succeeded and every resource matches its definition: call it in the setup of tests. Throws
 * ExpectedError as soon as one fails, TimeoutError at the time limit, and AbortedError at the signal.
 */
export async function waitForPipeline(
  definition: Definition,
  options: PipelineOptions & Pick<WaitOptions, 'timeoutMs' | 'onProgress'> = {},
): Promise<Status> {
  const runnable = await loadRunnable(definition, options);
  return waitUntilReady(() => statusOf([runnable], options), options);
}

function stoppedIn({ name }: { name: string }, { signal }: PipelineOptions) {
  return stoppedBy(signal, `Stopped while checking the resources of the pipeline ${name}.`);
}

function orThrow(name: string, result: Result): Result {
  if (!result.ok) throw new PipelineError(name, result);
  return result;
}
