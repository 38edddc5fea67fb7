import type { ResourceStatus } from '../status/status.ts';
import { type Finding, finding } from './catalog.ts';
import type { Facts } from './facts.ts';

/** What a definition declares and none of the findings above explains. */
export function diagnoseDeclared({ pipelines }: Facts, found: readonly Finding[]): Finding[] {
  return pipelines.flatMap(({ pipeline, resources }) =>
    resources
      .filter(({ resource, state }) => state !== 'ready' && !found.some((each) => about(each, resource)))
      .map(({ resource, state, detail }) =>
        finding(
          resource.startsWith('event source mapping') && state === 'missing' ? 'RH116' : 'RH204',
          resource,
          `The ${resource} of ${pipeline} is ${state === 'differs' ? 'not as declared' : state}.`,
          evidenceOf(state, detail),
          state === 'failed' ? 'see the evidence' : `ready-hooks apply, or see the log of the hook ${pipeline}.sh`,
        ),
      ),
  );
}

/** The detail is what apply would do, which is evidence only of something that is there. */
function evidenceOf(state: ResourceStatus['state'], detail: string | undefined): string {
  if (state === 'missing') return 'nothing of this name';
  return state === 'differs' ? `apply would update it: ${detail}` : (detail ?? state);
}

function about({ subject }: Finding, resource: string): boolean {
  const explained =
    resource.startsWith('stream ') && subject.startsWith(`mapping ${resource.slice('stream '.length)} →`);
  return explained || resource === subject || resource.endsWith(subject.replace(/^mapping /, 'event source mapping '));
}
