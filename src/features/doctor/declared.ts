import { type Identity, keyOf } from '../../runtime/identity.ts';
import type { ResourceStatus } from '../status/status.ts';
import { type Finding, finding } from './catalog.ts';
import { readyHooks } from './commands.ts';
import type { DeclaredFacts, EngineFacts, Facts } from './facts.ts';

/** Declared resources that are not ready, unless another finding explains why, and those that are no longer declared. */
export function diagnoseDeclared({ engine, pipelines }: Facts, found: readonly Finding[]): Finding[] {
  const isExplained = (resource: ResourceStatus) => found.some(({ about }) => about && explains(about, resource));
  return pipelines.flatMap((declared) =>
    declared.resources.flatMap((resource) => {
      if (resource.state === 'left over') return leftOverFinding(declared.pipeline, resource);
      return resource.state === 'ready' || isExplained(resource) ? [] : declaredFinding(declared, resource, engine);
    }),
  );
}

function declaredFinding(declared: DeclaredFacts, seen: ResourceStatus, engine: EngineFacts): Finding {
  const { resource, state, kind, ref } = seen;
  const { pipeline } = declared;
  return finding(
    kind === 'mapping' && state === 'missing' ? 'RH116' : 'RH204',
    { label: resource, kind, ref },
    `Pipeline ${pipeline}: ${resource} ${state === 'differs' ? 'does not match its definition' : `is ${state}`}.`,
    evidenceOf(seen, declared),
    fixOf(declared, seen, engine),
    state === 'differs' ? 'warns' : 'stops',
  );
}

function leftOverFinding(pipeline: string, { resource, kind, ref, leftOver = {} }: ResourceStatus): Finding {
  const { stillReads, usedBy, command } = leftOver;
  return finding(
    stillReads ? 'RH121' : 'RH207',
    { label: resource, kind, ref },
    stillReads
      ? `Pipeline ${pipeline} no longer declares this mapping, but it still handles every record of ${ref['stream']}.`
      : `Pipeline ${pipeline} made this resource and no longer declares it.`,
    `its tag ready-hooks:pipeline is ${pipeline}, and the definition does not name it`,
    usedBy === undefined
      ? `run ${command ?? 'apply with prune'}`
      : `delete or declare ${usedBy}, which uses it, and apply with prune`,
  );
}

/** What to do about a resource. apply waits for one declared as existing, but never creates or changes it. */
function fixOf({ pipeline, file, existing }: DeclaredFacts, seen: ResourceStatus, engine: EngineFacts): string {
  if (seen.state === 'failed') return 'fix the cause shown above';
  if (existing?.includes(keyOf(seen)))
    return `create it with the tool that owns it: ${pipeline} declares it as existing, so apply only waits for it`;
  return `run ${readyHooks('apply', engine, ...(file ? [file] : []))}, or see the log of the hook ${pipeline}.sh`;
}

/** The detail is the change that apply would make, which is evidence only for a resource that exists. */
function evidenceOf({ state, detail }: ResourceStatus, { region }: DeclaredFacts): string {
  if (state === 'missing') return `the engine has nothing with this name in ${region}`;
  return state === 'differs' ? `apply would update it: ${detail}` : (detail ?? state);
}

/** A finding about a mapping also explains the state of its stream. */
function explains(about: Identity, { kind, ref }: ResourceStatus): boolean {
  const isItsStream = kind === 'stream' && about.kind === 'mapping' && about.ref['stream'] === ref['name'];
  return isItsStream || keyOf(about) === keyOf({ kind, ref });
}
