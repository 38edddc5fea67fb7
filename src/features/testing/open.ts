import type { Runnable } from '../../runtime/apply/apply.ts';
import { connect } from '../../runtime/engine/connect.ts';
import { resolveEndpoint } from '../../runtime/engine/endpoint.ts';
import type { Target } from './target.ts';

/** Connects to the engine of a pipeline; the caller closes the connection. */
export async function openTarget(runnable: Runnable, given: string | undefined, signal?: AbortSignal): Promise<Target> {
  const { region, account } = runnable.pipeline;
  const endpoint = resolveEndpoint(given, process.env);
  return { ...runnable, aws: await connect({ endpoint, region, account, ...(signal && { signal }) }) };
}

/** Runs `use` with each pipeline on a running engine, one after the other. */
export async function withTargets(
  pipelines: readonly Runnable[],
  { endpoint, signal }: { endpoint?: string | undefined; signal?: AbortSignal },
  use: (target: Target) => Promise<void>,
): Promise<void> {
  for (const runnable of pipelines) {
    const target = await openTarget(runnable, endpoint, signal);
    try {
      await use(target);
    } finally {
      target.aws.close();
    }
  }
}
