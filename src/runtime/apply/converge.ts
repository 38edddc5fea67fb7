import type { Aws } from '../engine/connect.ts';
import { ExpectedError } from '../errors.ts';
import type { Step } from '../plan.ts';
import type { EmitOfStep, Outcome, StepEvent, WithoutTime } from '../report/events.ts';
import { kindOf } from '../resources/index.ts';
import type { Decision, Reader } from '../resources/kind.ts';
import { type RunContext, type StepRun, worldOf } from './context.ts';
import { Patience } from './patience.ts';
import type { SdkError } from './request-errors.ts';
import { Requests } from './requests.ts';

/**
 * Brings one resource to what is declared: look, decide, send or wait, and again until nothing is left to do.
 * Creating, updating in several steps, waiting, removing and repairing what an earlier run left are all this loop.
 * What a request did is seen by looking again; requests and answers are kept for kinds of which no look can show it.
 */
export async function converge(step: Step, context: RunContext): Promise<{ outcome: Outcome; seen: unknown }> {
  const emit = emitOf(step, context);
  const run = { step, context, emit };
  const patience = new Patience(run);
  const requests = new Requests(run, patience);
  const looks = new Looks(run, requests, patience);
  try {
    await untilNothingIsLeft(looks, requests, patience);
  } finally {
    requests.end();
  }
  if (step.wait.settleMs > 0 && ['created', 'updated'].includes(requests.outcome ?? '')) {
    emit({ type: 'settling', ms: step.wait.settleMs });
    await patience.pause(step.wait.settleMs);
  }
  return { outcome: requests.outcome ?? outcomeWithoutChange(step), seen: looks.seen };
}

async function untilNothingIsLeft(looks: Looks, requests: Requests, patience: Patience): Promise<void> {
  for (;;) {
    const { decision, error } = await looks.lookAndDecide();
    if (error) await patience.retry(error.operation ?? 'reading it', error, 'look');
    else if (decision.do === 'nothing') return;
    else if (decision.do === 'fail') throw new ExpectedError(decision.problem);
    else if (decision.do === 'wait') await patience.waitFor(decision);
    else await requests.send(decision);
  }
}

/** What a step has seen of its resource. */
class Looks {
  seen: unknown;
  #known = false;
  readonly #run: StepRun;
  readonly #requests: Requests;
  readonly #patience: Patience;

  constructor(run: StepRun, requests: Requests, patience: Patience) {
    this.#run = run;
    this.#requests = requests;
    this.#patience = patience;
  }

  async lookAndDecide(): Promise<{ decision: Decision; error?: never } | { decision?: never; error: SdkError }> {
    const { kind: name, ref, declared } = this.#run.step;
    const kind = kindOf(name);
    const reader = this.#reader();
    try {
      this.seen = await kind.observe(ref, reader, declared);
      this.#known ||= this.seen !== undefined;
      this.#patience.limit.answered();
      return { decision: kind.decide(ref, declared, this.seen, reader.world) };
    } catch (error) {
      return { error: error as SdkError };
    }
  }

  #reader(): Reader {
    const { aws, shared, ready } = this.#run.context;
    return {
      call: withOperation(aws.call),
      options: this.#patience.requestOptions(),
      known: this.#known || this.#requests.hasSent,
      world: worldOf(this.#run.context),
      made: this.#requests.made,
      shared,
      ready,
    };
  }
}

/** An error then names the operation that failed. */
function withOperation(call: Aws['call']): Aws['call'] {
  return (operation, input, options) =>
    call(operation, input, options).catch((error) => {
      throw Object.assign(error, { operation });
    });
}

function emitOf({ label, kind, ref }: Step, { emit }: RunContext): EmitOfStep {
  return (event) => emit({ ...event, step: label, kind, ref } as WithoutTime<StepEvent>);
}

function outcomeWithoutChange({ declared, existing }: Step): Outcome {
  if (declared === undefined) return 'absent';
  return existing ? 'existing' : 'unchanged';
}
