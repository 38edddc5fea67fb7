import type { Runnable, RunOptions } from '../../runtime/apply/apply.ts';
import { type Preview, preview } from '../../runtime/apply/preview.ts';
import { type Aws, engineAt, withAws } from '../../runtime/engine/connect.ts';
import { engineName } from '../../runtime/engine/detect.ts';
import { resolveEndpoint } from '../../runtime/engine/endpoint.ts';
import type { Engine } from '../../runtime/engine/engine.ts';
import { type EngineHooks, readHooks } from '../../runtime/engine/hooks.ts';
import { ExpectedError } from '../../runtime/errors.ts';
import type { Identity } from '../../runtime/identity.ts';
import { planSteps } from '../../runtime/plan.ts';
import { describeFailure } from './engine-error.ts';

/** A resource as declared against what the engine has. */
export interface ResourceStatus extends Identity {
  /** Its label, for people: `stream hallow-event-stream`. */
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
  let engine: Engine | undefined;
  for (const runnable of runnables) {
    const { region, account } = runnable.pipeline;
    await withAws({ endpoint, region, account, signal }, async (aws) => {
      engine = aws.engine;
      pipelines.push({ pipeline: runnable.name, resources: await resourcesOf(runnable, aws) });
    });
  }
  // Without a definition only the hooks are read, and where depends on the engine.
  engine ??= await engineAt({ endpoint, signal });
  const hooks = await readHooks(endpoint, engine.product, signal);
  return { endpoint, engine: engineName(engine), ...(hooks && { hooks }), pipelines, state: judge(hooks, pipelines) };
}

async function resourcesOf({ pipeline, ...contents }: Runnable, aws: Aws): Promise<ResourceStatus[]> {
  // What a mapping can be depends on what it needs, so resources are listed in the order of the plan.
  const previews = await preview(planSteps(pipeline, contents), aws).catch((error) => {
    throw describeFailure(error, aws.endpoint);
  });
  return previews.map(({ step, change, detail, kind, ref }) => ({
    resource: step,
    kind,
    ref,
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
