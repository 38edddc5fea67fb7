import { type Clock, systemClock } from '../clock.ts';
import type { Contents } from '../contents/contents.ts';
import type { Pipeline } from '../definition/pipeline.ts';
import { type Aws, type ConnectOptions, withAws } from '../engine/connect.ts';
import { resolveEndpoint } from '../engine/endpoint.ts';
import { ExpectedError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import { labelOf, planRemoval, planSteps, type Step } from '../plan.ts';
import type { Emit, Event } from '../report/events.ts';
import { kindOf } from '../resources/index.ts';
import { shareAnswers } from '../resources/shared-answers.ts';
import type { RunContext } from './context.ts';
import { type Limits, limitedSignal, limitsOf, scriptLimit } from './limits.ts';
import { type Preview, preview } from './preview.ts';
import { readAhead } from './read-ahead.ts';
import { type PruneCommand, previewLeftOvers, readLeftOvers, readOthers } from './read-left-overs.ts';
import { type Result, runSteps } from './run.ts';

/** What every function that connects to an engine takes. */
export interface ReadOptions extends Partial<Pick<Limits, 'requestTimeoutMs'>> {
  /**
   * The engine's address. Default: AWS_ENDPOINT_URL, else AWS_ENDPOINT_URL_KINESIS, else the port in LocalStack's GATEWAY_LISTEN on
   * this machine, else port 4566.
   */
  endpoint?: string | undefined;
  /** The values of placeholders, and the environment to read the endpoint and limits from. Default `process.env`. */
  env?: Record<string, string | undefined> | undefined;
  /** Ends it: no more requests are sent. The result of a run lists the steps not attempted. */
  signal?: AbortSignal | undefined;
}

export interface RunOptions extends ReadOptions, Partial<Limits> {
  /** Called with each event as it happens; nothing is printed. */
  onEvent?: ((event: Event) => void) | undefined;
  clock?: Clock;
  /** Whether the engine runs this as a hook; some engines stop a hook after a time limit. Default false. */
  asHook?: boolean;
}

/** A checked pipeline with its name for reports, its function code and its seeds. */
export interface Runnable extends Contents, PruneCommand {
  name: string;
  /** Identifies the pipeline on an engine. Default: none, so it tags nothing and knows of nothing that is left over. */
  owner?: string | undefined;
  pipeline: Pipeline;
}

/** The parts of a pipeline that removing its resources needs. */
export type Removable = Pick<Runnable, 'name' | 'owner' | 'pipeline'> & PruneCommand;

/** Creates and updates everything a pipeline declares, in the right order. runSteps describes failures. */
export function apply({ pipeline, ...contents }: Runnable, options: RunOptions = {}): Promise<Result> {
  const steps = planSteps(pipeline, contents);
  return inRun(
    { pipeline, ...contents },
    options,
    (context) => runSteps(contents.name, steps, context),
    steps.filter(({ needs }) => needs.length === 0),
  );
}

/**
 * Removes everything a pipeline declares, except resources declared as existing, and everything it made and no longer declares.
 * Without `emptyBuckets`, a bucket that is not empty means that nothing is deleted; so does a resource of another pipeline.
 */
export function destroy(
  removable: Removable,
  { emptyBuckets = false, ...options }: RunOptions & { emptyBuckets?: boolean } = {},
): Promise<Result> {
  const { name, pipeline } = removable;
  return inRun(removable, options, async (context) => {
    rejectOthers(name, await readOthers(removable, context));
    const left = await readLeftOvers(removable, context);
    const steps = planRemoval(
      pipeline,
      left.filter(({ usedBy }) => usedBy === undefined),
    );
    if (!emptyBuckets) await rejectNonRemovable(steps, context.aws);
    return runSteps(name, steps, context);
  });
}

/** The changes that apply would make, without making them. */
export async function previewPipeline(
  runnable: Runnable,
  options: RunOptions & { others?: readonly Pipeline[] } = {},
): Promise<Preview[]> {
  const { region, account } = runnable.pipeline;
  return withAws({ ...engineOptions(options), region, account }, (aws) => previewAll(runnable, aws, options));
}

/** The changes to each declared resource, and what is left over. */
export async function previewAll(
  { owner, pipeline, ...contents }: Runnable,
  aws: Aws,
  options: Pick<RunOptions, 'endpoint' | 'clock'> & { others?: readonly Pipeline[] } = {},
): Promise<Preview[]> {
  const { clock = systemClock } = options;
  const changes = await preview(planSteps(pipeline, contents), aws, owner);
  return [...changes, ...(await previewLeftOvers({ owner, pipeline, ...contents }, { aws, clock }, options))];
}

/** Connects, and does `work` within the limits of a run. Sends the first reads of the steps in `ahead` while it connects. */
export async function inRun<T>(
  { owner, pipeline }: Pick<Runnable, 'owner' | 'pipeline'>,
  options: RunOptions,
  work: (context: RunContext) => Promise<T>,
  ahead: readonly Step[] = [],
): Promise<T> {
  const { env = process.env, onEvent, clock = systemClock, asHook } = options;
  const { requestTimeoutMs, limitMs } = limitsOf(options, env);
  const { region, account } = pipeline;
  const { signal, release } = limitedSignal(options.signal, limitMs);
  const startedAt = clock.now();
  const emit: Emit = (event) => onEvent?.({ at: clock.now() - startedAt, ...event } as Event);
  const shared = shareAnswers();
  const onClients = (call: Aws['call']) => {
    const reader = { call, shared, region, account, options: { timeoutMs: requestTimeoutMs, signal } };
    for (const step of ahead) readAhead(step, reader);
  };
  try {
    return await withAws({ ...engineOptions(options), region, account, signal, onClients }, async (aws) => {
      const limit = asHook && { scriptLimit: scriptLimit(aws.engine) };
      return work({ aws, clock, owner, signal, requestTimeoutMs, emit, shared, ...limit });
    });
  } finally {
    release();
  }
}

/** Where the engine is, and how long to wait for its responses. */
export function engineOptions(options: ReadOptions): Omit<ConnectOptions, 'region' | 'account'> {
  const { env = process.env, signal } = options;
  const { requestTimeoutMs } = limitsOf(options, env);
  return { endpoint: resolveEndpoint(options.endpoint, env), requestTimeoutMs, signal };
}

function rejectOthers(name: string, found: readonly (Identity & { owner: string })[]): void {
  const [first] = found;
  if (!first) return;
  const labels = found.map(labelOf).join(', ');
  throw new ExpectedError(
    `Nothing was deleted, because another pipeline, ${first.owner}, owns what ${name} declares: ${labels}. Delete it with the definition ${first.owner}, or apply ${name} first to take it back.`,
  );
}

async function rejectNonRemovable(steps: readonly Step[], aws: Aws): Promise<void> {
  for (const { kind, ref } of steps) {
    const problem = await kindOf(kind).keptBy?.(ref, aws);
    if (problem) throw new ExpectedError(problem);
  }
}
