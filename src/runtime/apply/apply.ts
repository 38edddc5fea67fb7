import { type Clock, systemClock } from '../clock.ts';
import type { Contents } from '../contents/contents.ts';
import type { Pipeline } from '../definition/pipeline.ts';
import { connect } from '../engine/connect.ts';
import { resolveEndpoint } from '../engine/endpoint.ts';
import { ExpectedError } from '../errors.ts';
import { planRemoval, planSteps, type Step } from '../plan.ts';
import type { Event } from '../report/events.ts';
import { type Limits, limitsOf, scriptLimit } from './limits.ts';
import { type Preview, preview } from './preview.ts';
import { type Result, runSteps } from './run.ts';
import { limited } from './stopped.ts';

export interface RunOptions extends Partial<Limits> {
  /** The engine's address. Default: AWS_ENDPOINT_URL, LocalStack's GATEWAY_LISTEN, then port 4566 of this machine. */
  endpoint?: string | undefined;
  /** Where endpoint settings and limits are read from. Default `process.env`. */
  env?: Record<string, string | undefined>;
  /** Called with each event as it happens; nothing is printed. */
  onEvent?: (event: Event) => void;
  /** Ends the run: no further request is made, and what was not done is told in the result. */
  signal?: AbortSignal;
  clock?: Clock;
  /** Whether this is a hook that the engine runs, which some engines end after a time. Default false. */
  asHook?: boolean;
}

/** A checked pipeline, its name for the report, and what its functions, streams and buckets are to hold. */
export interface Runnable extends Contents {
  name: string;
  pipeline: Pipeline;
}

/** Brings everything a pipeline declares up, in the order it needs; see runSteps for what a failure does. */
export function apply({ name, pipeline, ...contents }: Runnable, options: RunOptions = {}): Promise<Result> {
  return run(name, pipeline, planSteps(pipeline, contents), options);
}

/**
 * Removes everything a pipeline declares, apart from what it declares as existing.
 * A bucket that holds objects is emptied only with `emptyBuckets`; without, nothing is removed at all.
 */
export function destroy(
  { name, pipeline }: Pick<Runnable, 'name' | 'pipeline'>,
  { emptyBuckets = false, ...options }: RunOptions & { emptyBuckets?: boolean } = {},
): Promise<Result> {
  const steps = planRemoval(pipeline);
  const removed = steps.flatMap(({ kind, ref }) => (kind === 'bucket' ? (ref['name'] ?? []) : []));
  return run(name, pipeline, steps, options, emptyBuckets ? undefined : removed);
}

async function run(name: string, pipeline: Pipeline, steps: Step[], options: RunOptions, mustBeEmpty: string[] = []) {
  const { env = process.env, onEvent, clock = systemClock } = options;
  const endpoint = resolveEndpoint(options.endpoint, env);
  const { requestTimeoutMs, limitMs } = limitsOf(options, env);
  const { signal, release } = limited(options.signal, limitMs);
  const startedAt = clock.now();
  try {
    const { region, account } = pipeline;
    const aws = await connect({ endpoint, region, account, requestTimeoutMs, signal });
    try {
      for (const bucket of mustBeEmpty) await refuseObjects(aws, bucket);
      return await runSteps(name, steps, {
        aws,
        clock,
        signal,
        requestTimeoutMs,
        ...(options.asHook && { scriptLimit: scriptLimit(aws.engine) }),
        emit: (event) => onEvent?.({ at: clock.now() - startedAt, ...event } as Event),
      });
    } finally {
      aws.close();
    }
  } finally {
    release();
  }
}

async function refuseObjects(aws: Awaited<ReturnType<typeof connect>>, Bucket: string): Promise<void> {
  const page = await aws.call('ListObjectVersions', { Bucket, MaxKeys: 1 }).catch((error) => {
    if (error instanceof Error && error.name === 'NoSuchBucket') return undefined;
    throw error;
  });
  if (!page?.Versions?.length && !page?.DeleteMarkers?.length) return;
  throw new ExpectedError(
    `Bucket ${Bucket} holds objects, so nothing was removed: add --empty-buckets to delete them with it.`,
  );
}

/** What apply would do about each resource, without doing it. */
export async function previewPipeline(
  { pipeline, ...contents }: Runnable,
  options: RunOptions = {},
): Promise<Preview[]> {
  const endpoint = resolveEndpoint(options.endpoint, options.env ?? process.env);
  const { region, account } = pipeline;
  const { requestTimeoutMs } = limitsOf(options, options.env ?? process.env);
  const aws = await connect({ endpoint, region, account, requestTimeoutMs, signal: options.signal });
  try {
    return await preview(planSteps(pipeline, contents), aws);
  } finally {
    aws.close();
  }
}
