import { type Identity, keyOf } from '../../runtime/identity.ts';
import type { ResourceStatus } from '../status/status.ts';
import { type Finding, finding } from './catalog.ts';
import type { Facts } from './facts.ts';

/** Declared resources that are not ready, unless another finding explains why. */
export function diagnoseDeclared({ pipelines }: Facts, found: readonly Finding[]): Finding[] {
  return pipelines.flatMap(({ pipeline, resources }) =>
    resources
      .filter(
        (resource) => resource.state !== 'ready' && !found.some(({ about }) => about && explains(about, resource)),
      )
      .map((resource) => declaredFinding(pipeline, resource)),
  );
}

function declaredFinding(pipeline: string, { resource, state, detail, kind, ref }: ResourceStatus): Finding {
  return finding(
    kind === 'mapping' && state === 'missing' ? 'RH116' : 'RH204',
    { label: resource, kind, ref },
    `Pipeline ${pipeline}: ${resource} ${state === 'differs' ? 'does not match its definition' : `is ${state}`}.`,
    evidenceOf(state, detail),
    state === 'failed'
      ? 'fix the cause shown above'
      : `run npx ready-hooks apply, or see the log of the hook ${pipeline}.sh`,
  );
}

/** The detail is the change that apply would make, which is evidence only for a resource that exists. */
function evidenceOf(state: ResourceStatus['state'], detail: string | undefined): string {
  if (state === 'missing') return 'the engine has nothing with this name';
  return state === 'differs' ? `apply would update it: ${detail}` : (detail ?? state);
}

/** A finding about a mapping also explains the state of its stream. */
function explains(about: Identity, { kind, ref }: ResourceStatus): boolean {
  const isItsStream = kind === 'stream' && about.kind === 'mapping' && about.ref['stream'] === ref['name'];
  return isItsStream || keyOf(about) === keyOf({ kind, ref });
}
