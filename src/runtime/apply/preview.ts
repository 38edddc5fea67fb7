import type { Aws } from '../engine/connect.ts';
import { classify, describe as describeError, type SdkError } from '../engine/request-errors.ts';
import { type Identity, identityOf } from '../identity.ts';
import type { LeftOver } from '../left-over.ts';
import type { Step } from '../plan.ts';
import { kindOf } from '../resources/index.ts';
import type { Decision } from '../resources/kind.ts';
import { type Share, shareAnswers } from '../resources/shared-answers.ts';

/** What apply would do about a step's resource, as far as is known in advance. */
export interface Preview extends Identity {
  /** Its label, for people. */
  step: string;
  /** `left over`: the pipeline made it and no longer declares it; apply deletes it only with `prune`. */
  change: 'none' | 'create' | 'update' | 'delete' | 'wait' | 'fail' | 'left over';
  /** The requests, or the state it would wait for. */
  detail?: string;
  /** Only if it is left over. */
  leftOver?: Pick<LeftOver, 'stillReads' | 'usedBy'> & {
    /** The command that deletes it; undefined if nothing of ready-hooks does. */
    command?: string;
  };
}

/** Observes every resource and decides, without acting. */
export function preview(steps: readonly Step[], aws: Aws, owner?: string): Promise<Preview[]> {
  const shared = shareAnswers();
  return Promise.all(
    steps.map(async (step) => {
      const previewed = await previewStep(step, aws, { shared, owner }).catch(waitIfChanging);
      return { step: step.label, ...identityOf(step), ...previewed };
    }),
  );
}

/** A resource cannot be read while one that it depends on changes, such as a stream that is CREATING. */
function waitIfChanging(error: SdkError): Pick<Preview, 'change' | 'detail'> {
  if (classify(error) !== 'race') throw error;
  return { change: 'wait', detail: `for its dependencies, now ${describeError(error)}` };
}

async function previewStep(
  { kind: name, ref, declared }: Step,
  { call, region, account, engine }: Aws,
  { shared, owner }: { shared: Share; owner: string | undefined },
): Promise<Pick<Preview, 'change' | 'detail'>> {
  const kind = kindOf(name);
  const world = { region, account, engine, now: Date.now(), owner };
  const problem = declared === undefined ? undefined : kind.unsupported?.(ref, declared, world);
  if (problem) return { change: 'fail', detail: problem };
  const seen = await kind.observe(ref, { call, options: {}, known: false, world, shared }, declared);
  const decision = kind.decide(ref, declared, seen, world);
  switch (decision.do) {
    case 'nothing':
      return { change: 'none' };
    case 'wait':
      return { change: 'wait', detail: `${decision.until}, now ${decision.seen}` };
    case 'fail':
      return { change: 'fail', detail: decision.problem };
    case 'send': {
      const updates = seen && declared !== undefined ? [...(kind.updates?.(ref, declared, seen, world) ?? [])] : [];
      const rest = sameRequest(updates[0], decision) ? updates.slice(1) : [];
      return { change: decision.effect, detail: [decision, ...rest].map(describe).join(', then ') };
    }
  }
}

/** Whether the decision is for the first update; it is not for a resource that is re-created. */
function sameRequest(update: Decision | undefined, decision: Decision): boolean {
  return update?.do === 'send' && decision.do === 'send' && update.request.operation === decision.request.operation;
}

function describe(decision: Decision): string {
  if (decision.do === 'fail') return `FAILED: ${decision.problem}`;
  if (decision.do !== 'send') return decision.do;
  return `${decision.request.operation} (${decision.why})${decision.warning ? `; ${decision.warning}` : ''}`;
}
