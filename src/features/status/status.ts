import { engineOptions, previewAll, type ReadOptions, type Runnable } from '../../runtime/apply/apply.ts';
import type { Preview } from '../../runtime/apply/preview.ts';
import { type Aws, engineAt, withAws } from '../../runtime/engine/connect.ts';
import { engineName } from '../../runtime/engine/detect.ts';
import type { Engine } from '../../runtime/engine/engine.ts';
import { type EngineHooks, readHooks } from '../../runtime/engine/hooks.ts';
import { ExpectedError } from '../../runtime/errors.ts';
import type { Identity } from '../../runtime/identity.ts';
import { stoppedReading } from '../aborted.ts';
import { deleteCommands } from '../delete-commands.ts';

/** A declared resource, compared with the engine. */
export interface ResourceStatus extends Identity {
  /** Its label, for people: `stream hallow-event-stream`. */
  resource: string;
  /**
   * `waiting`: not finished (CREATING, Pending); `differs`: exists, but does not match the definition; `left over`: the pipeline
   * made it and no longer declares it.
   */
  state: 'ready' | 'missing' | 'differs' | 'waiting' | 'failed' | 'left over';
  detail?: string;
  /** Only if it is left over. */
  leftOver?: Preview['leftOver'];
}

export interface PipelineStatus {
  pipeline: string;
  resources: ResourceStatus[];
}

export interface Status {
  endpoint: string;
  /** `LocalStack 4.14.0` */
  engine: string;
  /** Undefined if the engine does not report its hooks. */
  hooks?: EngineHooks;
  pipelines: PipelineStatus[];
  /** `failed`: waiting will not help. */
  state: 'ready' | 'waiting' | 'failed';
}

const STATES: Record<Preview['change'], ResourceStatus['state']> = {
  none: 'ready',
  create: 'missing',
  update: 'differs',
  delete: 'differs',
  wait: 'waiting',
  fail: 'failed',
  'left over': 'left over',
};

/** Reads the engine's hooks and every resource of these pipelines once. Changes nothing. */
export async function statusOf(runnables: readonly Runnable[], options: ReadOptions = {}): Promise<Status> {
  const place = engineOptions(options);
  return readStatus(runnables, place, options.endpoint).catch(stoppedReading(place.endpoint, place.signal));
}

/** `given`: the endpoint to name in the commands that it shows. */
async function readStatus(
  runnables: readonly Runnable[],
  place: ReturnType<typeof engineOptions>,
  given: string | undefined,
): Promise<Status> {
  const { endpoint, signal } = place;
  const pipelines: PipelineStatus[] = [];
  let engine: Engine | undefined;
  for (const runnable of runnables) {
    const { region, account } = runnable.pipeline;
    await withAws({ ...place, region, account }, async (aws) => {
      engine = aws.engine;
      const others = runnables.map(({ pipeline }) => pipeline);
      pipelines.push({
        pipeline: runnable.name,
        resources: await resourcesOf(runnable, aws, { endpoint: given, others }),
      });
    });
  }
  // Without a definition only the hooks are read; their path depends on the engine.
  engine ??= await engineAt(place);
  const hooks = await readHooks(endpoint, engine.product, signal);
  return { endpoint, engine: engineName(engine), ...(hooks && { hooks }), pipelines, state: judge(hooks, pipelines) };
}

async function resourcesOf(
  runnable: Runnable,
  aws: Aws,
  options: Parameters<typeof previewAll>[2],
): Promise<ResourceStatus[]> {
  // The state of a mapping depends on its stream and function, so resources follow the order of the plan.
  const previews = await previewAll(runnable, aws, options);
  return previews.map(({ step, change, detail, kind, ref, leftOver }) => ({
    resource: step,
    kind,
    ref,
    state: STATES[change],
    ...(detail && { detail }),
    ...(leftOver && { leftOver }),
  }));
}

/**
 * The overall state. A resource that is missing or differs may belong to a hook that is still running. Of what is left over, only
 * a mapping that still handles records matters, and no waiting ends that.
 */
export function judge(hooks: EngineHooks | undefined, pipelines: readonly PipelineStatus[]): Status['state'] {
  const open = pipelines.flatMap(({ resources }) => resources.filter(isOpen));
  if (hooks?.state === 'failed' || open.some(({ state }) => state === 'failed')) return 'failed';
  const hooksReady = hooks === undefined || hooks.state === 'ready' || hooks.state === 'none';
  if (hooksReady && open.length === 0) return 'ready';
  return hooksReady && open.every(({ state }) => state === 'left over') ? 'failed' : 'waiting';
}

/** Whether this resource keeps the status from being ready. */
function isOpen({ state, leftOver }: ResourceStatus): boolean {
  return state === 'left over' ? leftOver?.stillReads === true : state !== 'ready';
}

/** The reason why a status is not ready, as one sentence. */
export function whyNotReady({ endpoint, hooks, pipelines, state }: Status): ExpectedError | undefined {
  if (state === 'ready') return undefined;
  const open = pipelines.flatMap(({ resources }) =>
    resources
      .filter(isOpen)
      .map(({ resource, state, detail }) => `${resource} is ${state}${detail ? ` (${detail})` : ''}`),
  );
  const reading = pipelines.flatMap(({ resources }) => resources.filter(isOpen));
  if (hooks && hooks.state !== 'ready' && hooks.state !== 'none') open.unshift(`hooks: ${hooks.summary}`);
  const commands = deleteCommands(reading).map((command) => ` To delete what is left over: ${command}`);
  return new ExpectedError(`Not ready at ${endpoint}: ${open.join('; ')}.${commands.join('')}`);
}
