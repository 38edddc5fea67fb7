import type { Runnable, RunOptions } from '../../runtime/apply/apply.ts';
import { type Preview, preview } from '../../runtime/apply/preview.ts';
import { connect } from '../../runtime/engine/connect.ts';
import { engineName } from '../../runtime/engine/detect.ts';
import { resolveEndpoint } from '../../runtime/engine/endpoint.ts';
import type { EngineHooks } from '../../runtime/engine/hooks.ts';
import { readHooks } from '../../runtime/engine/hooks.ts';
import { ExpectedError } from '../../runtime/errors.ts';
import { planSteps } from '../../runtime/plan.ts';
import { describeFailure } from './engine-error.ts';

/** A resource as declared against what the engine has. */
export interface ResourceStatus {
  /** `stream hallow-event-stream` */
  resource: string;
  /** `waiting`: on its way (CREATING, Pending); `differs`: there, and not as declared. */
  state: 'ready' | 'missing' | 'differs' | 'waiting' | 'failed';
  detail?: string;
}

export interface PipelineStatus {
  pipeline: string;
  resources: ResourceStatus[];
}

export interface Status {
  endpoint: string;
  /** `LocalStack 4.14.0` */
  engine: string;
  /** Undefined where the engine does not tell of its hooks. */
  hooks?: EngineHooks;
  pipelines: PipelineStatus[];
  /** `failed`: waiting does not help. */
  state: 'ready' | 'waiting' | 'failed';
}

const STATES: Record<Preview['change'], ResourceStatus['state']> = {
  none: 'ready',
  create: 'missing',
  update: 'differs',
  delete: 'differs',
  wait: 'waiting',
  fail: 'failed',
};

/** Looks once at the engine's hooks and at every resource of these pipelines; changes nothing. */
export async function statusOf(runnables: readonly Runnable[], options: RunOptions = {}): Promise<Status> {
  const { env = process.env, signal } = options;
  const endpoint = resolveEndpoint(options.endpoint, env);
  const pipelines: PipelineStatus[] = [];
  // Without a definition the hooks alone are looked at; what answers has to be known all the same.
  const accounts = runnables.length > 0 ? runnables : [undefined];
  let engine: Parameters<typeof engineName>[0] | undefined;
  for (const runnable of accounts) {
    const { region, account } = runnable?.pipeline ?? { region: 'us-east-1', account: '000000000000' };
    const aws = await connect({ endpoint, region, account, signal });
    engine = aws.engine;
    try {
      if (runnable) pipelines.push({ pipeline: runnable.name, resources: await resources(runnable, aws) });
    } finally {
      aws.close();
    }
  }
  if (!engine) throw new Error('No engine was asked');
  const hooks = await readHooks(endpoint, engine.product, signal);
  return { endpoint, engine: engineName(engine), ...(hooks && { hooks }), pipelines, state: judge(hooks, pipelines) };
}

async function resources(
  { pipeline, ...contents }: Runnable,
  aws: Parameters<typeof preview>[1],
): Promise<ResourceStatus[]> {
  // The mapping's prerequisites decide what a mapping can be, so resources are told in the order of the plan.
  const looks = await preview(planSteps(pipeline, contents), aws).catch((error) => {
    throw describeFailure(error, aws.endpoint);
  });
  return looks.map(({ step, change, detail }) => ({
    resource: step,
    state: STATES[change],
    ...(detail && { detail }),
  }));
}

/** Hooks and resources together. A resource that is missing or differs may be a hook's that still runs. */
export function judge(hooks: EngineHooks | undefined, pipelines: readonly PipelineStatus[]): Status['state'] {
  const states = pipelines.flatMap(({ resources }) => resources.map(({ state }) => state));
  if (hooks?.state === 'failed' || states.includes('failed')) return 'failed';
  const hooksReady = hooks === undefined || hooks.state === 'ready' || hooks.state === 'none';
  return hooksReady && states.every((state) => state === 'ready') ? 'ready' : 'waiting';
}

/** What keeps a status from being ready, in one sentence. */
export function whyNotReady({ endpoint, hooks, pipelines, state }: Status): ExpectedError | undefined {
  if (state === 'ready') return undefined;
  const open = pipelines.flatMap(({ resources }) =>
    resources
      .filter((resource) => resource.state !== 'ready')
      .map(({ resource, state, detail }) => `${resource} is ${state}${detail ? ` (${detail})` : ''}`),
  );
  if (hooks && hooks.state !== 'ready' && hooks.state !== 'none') open.unshift(`hooks: ${hooks.told}`);
  return new ExpectedError(`Not ready at ${endpoint}: ${open.join('; ')}.`);
}
