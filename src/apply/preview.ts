import type { Aws } from '../aws/connect.ts';
import type { Step } from '../plan.ts';
import { kindOf } from '../resources/index.ts';
import { type Share, shareAnswers } from '../resources/shared.ts';

/** What apply would do first about a step's resource. */
export interface Preview {
  step: string;
  change: 'none' | 'create' | 'update' | 'delete' | 'wait' | 'fail';
  detail?: string;
}

/** Looks at every resource and decides, without acting: each step's first request, or what it would wait for. */
export function preview(steps: readonly Step[], aws: Aws): Promise<Preview[]> {
  const shared = shareAnswers();
  return Promise.all(steps.map((step) => look(step, aws, shared)));
}

async function look(
  { id: step, kind: name, ref, declared }: Step,
  { call, ...aws }: Aws,
  shared: Share,
): Promise<Preview> {
  const kind = kindOf(name);
  const world = { region: aws.region, account: aws.account, engine: aws.engine, now: Date.now() };
  const refusal = declared === undefined ? undefined : kind.refuse?.(ref, declared, world);
  if (refusal) return { step, change: 'fail', detail: refusal };
  const seen = await kind.observe(ref, { call, options: {}, known: false, world, shared }, declared);
  const decision = kind.decide(ref, declared, seen, world);
  switch (decision.do) {
    case 'nothing':
      return { step, change: 'none' };
    case 'wait':
      return { step, change: 'wait', detail: `${decision.until}, now ${decision.seen}` };
    case 'fail':
      return { step, change: 'fail', detail: decision.problem };
    case 'send': {
      const warning = decision.warning ? `; ${decision.warning}` : '';
      return { step, change: decision.effect, detail: `${decision.request.operation} (${decision.why})${warning}` };
    }
  }
}
