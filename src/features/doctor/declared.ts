import { type Identity, keyOf } from '../../runtime/identity.ts';
import type { ResourceStatus } from '../status/status.ts';
import { type Finding, finding } from './catalog.ts';
import type { Facts } from './facts.ts';

/** What a definition declares and none of the findings above explains. */
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
    `The ${resource} of ${pipeline} is ${state === 'differs' ? 'not as declared' : state}.`,
    evidenceOf(state, detail),
    state === 'failed' ? 'see the evidence' : `ready-hooks apply, or see the log of the hook ${pipeline}.sh`,
  );
}

/** The detail is what apply would do, which is evidence only of something that is there. */
function evidenceOf(state: ResourceStatus['state'], detail: string | undefined): string {
  if (state === 'missing') return 'nothing of this name';
  return state === 'differs' ? `apply would update it: ${detail}` : (detail ?? state);
}

/** A finding about a mapping explains its stream too. */
function explains(about: Identity, { kind, ref }: ResourceStatus): boolean {
  const isItsStream = kind === 'stream' && about.kind === 'mapping' && about.ref['stream'] === ref['name'];
  return isItsStream || keyOf(about) === keyOf({ kind, ref });
}
