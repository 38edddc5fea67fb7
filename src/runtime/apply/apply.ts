import { type Clock, systemClock } from '../clock.ts';
import type { Contents } from '../contents/contents.ts';
import type { Pipeline } from '../definition/pipeline.ts';
import { type Aws, type ConnectOptions, withAws } from '../engine/connect.ts';
import { resolveEndpoint } from '../engine/endpoint.ts';
import { ExpectedError } from '../errors.ts';
import { planRemoval, planSteps, type Step } from '../plan.ts';
import type { Emit, Event } from '../report/events.ts';
import { kindOf } from '../resources/index.ts';
import { type Limits, limitedSignal, limitsOf, scriptLimit } from './limits.ts';
import { type Preview, preview } from './preview.ts';
import { type Result, runSteps } from './run.ts';

export interface RunOptions extends Partial<Limits> {
  /** The engine's address. Default: AWS_ENDPOINT_URL, LocalStack's GATEWAY_LISTEN, then port 4566 of this machine. */
  endpoint?: string | undefined;
  /** The environment to read endpoint settings and limits from. Default `process.env`. */
  env?: Record<string, string | undefined>;
  /** Called with each event as it happens; nothing is printed. */
  onEvent?: (event: Event) => void;
  /** Ends the run: no more requests are sent, and the result lists the steps not attempted. */
  signal?: AbortSignal;
  clock?: Clock;
  /** Whether the engine runs this as a hook; some engines stop a hook after a time limit. Default false. */
  asHook?: boolean;
}

/** A checked pipeline with its name for reports, its function code and its seeds. */
export interface Runnable extends Contents {
  name: string;
  pipeline: Pipeline;
}

/** Creates and updates everything a pipeline declares, in the right order. runSteps describes failures. */
export function apply({ name, pipeline, ...contents }: Runnable, options: RunOptions = {}): Promise<Result> {
  return run(name, pipeline, planSteps(pipeline, contents), options);
}

/**
 * Removes everything a pipeline declares, except resources declared as existing.
 * Without `emptyBuckets`, a bucket that is not empty means that nothing is deleted.
 */
export function destroy(
  { name, pipeline }: Pick<Runnable, 'name' | 'pipeline'>,
  { emptyBuckets = false, ...options }: RunOptions & { emptyBuckets?: boolean } = {},
): Promise<Result> {
  const steps = planRemoval(pipeline);
  return run(name, pipeline, steps, options, async (aws) => {
    if (!emptyBuckets) await rejectNonRemovable(steps, aws);
  });
}

/** The changes that apply would make, without making them. */
export async function previewPipeline(
  { pipeline, ...contents }: Runnable,
  options: RunOptions = {},
): Promise<Preview[]> {
  return withAws(connection(pipeline, options), (aws) => preview(planSteps(pipeline, contents), aws));
}

async function run(
  name: string,
  pipeline: Pipeline,
  steps: Step[],
  options: RunOptions,
  before: (aws: Aws) => Promise<void> = async () => undefined,
): Promise<Result> {
  const { env = process.env, onEvent, clock = systemClock, asHook } = options;
  const { requestTimeoutMs, limitMs } = limitsOf(options, env);
  const { signal, release } = limitedSignal(options.signal, limitMs);
  const startedAt = clock.now();
  const emit: Emit = (event) => onEvent?.({ at: clock.now() - startedAt, ...event } as Event);
  try {
    return await withAws(connection(pipeline, { ...options, signal }), async (aws) => {
      await before(aws);
      const limit = asHook && { scriptLimit: scriptLimit(aws.engine) };
      return runSteps(name, steps, { aws, clock, signal, requestTimeoutMs, emit, ...limit });
    });
  } finally {
    release();
  }
}

function connection({ region, account }: Pipeline, options: RunOptions): ConnectOptions {
  const { env = process.env, signal } = options;
  const { requestTimeoutMs } = limitsOf(options, env);
  return { endpoint: resolveEndpoint(options.endpoint, env), region, account, requestTimeoutMs, signal };
}

async function rejectNonRemovable(steps: readonly Step[], aws: Aws): Promise<void> {
  for (const { kind, ref } of steps) {
    const problem = await kindOf(kind).keptBy?.(ref, aws);
    if (problem) throw new ExpectedError(problem);
  }
}
