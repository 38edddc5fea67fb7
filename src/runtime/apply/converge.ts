import type { SdkError } from '../engine/request-errors.ts';
import { ExpectedError } from '../errors.ts';
import type { Step } from '../plan.ts';
import type { EmitOfStep, Outcome, StepEvent, WithoutTime } from '../report/events.ts';
import { kindOf } from '../resources/index.ts';
import type { Decision, Reader } from '../resources/kind.ts';
import { type RunContext, readerOf, type StepRun } from './context.ts';
import { Patience } from './patience.ts';
import { Requests } from './requests.ts';

/**
 * Brings one resource to its declared state: observe, decide, send or wait, and repeat until nothing is left to do.
 * This one loop creates, updates in several steps, waits, removes, and repairs after an interrupted run.
 * It learns the effect of a request by observing again; for kinds that cannot show it, it also keeps requests and responses.
 */
export async function converge(step: Step, context: RunContext): Promise<{ outcome: Outcome; seen: unknown }> {
  const emit = emitOf(step, context);
  const run = { step, context, emit };
  const patience = new Patience(run);
  const requests = new Requests(run, patience);
  const observer = new Observer(run, requests, patience);
  try {
    await untilNothingIsLeft(observer, requests, patience);
  } finally {
    requests.end();
  }
  if (step.wait.settleMs > 0 && ['created', 'updated'].includes(requests.outcome ?? '')) {
    emit({ type: 'settling', ms: step.wait.settleMs });
    await patience.pause(step.wait.settleMs);
  }
  return { outcome: requests.outcome ?? outcomeWithoutChange(step), seen: observer.seen };
}

async function untilNothingIsLeft(observer: Observer, requests: Requests, patience: Patience): Promise<void> {
  for (;;) {
    const { decision, error } = await observer.observeAndDecide();
    if (error) await patience.retry(error.operation ?? 'reading it', error, 'read');
    else if (decision.do === 'nothing') return;
    else if (decision.do === 'fail') throw new ExpectedError(decision.problem);
    else if (decision.do === 'wait') await patience.waitFor(decision);
    else await requests.send(decision);
  }
}

/** Observes a step's resource, and keeps what it saw last. */
class Observer {
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

  async observeAndDecide(): Promise<{ decision: Decision; error?: never } | { decision?: never; error: SdkError }> {
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
    const known = this.#known || this.#requests.hasSent;
    const reader = readerOf(this.#run.context, this.#patience.requestOptions(), known);
    return { ...reader, made: this.#requests.made };
  }
}

function emitOf({ label, kind, ref }: Step, { emit }: RunContext): EmitOfStep {
  return (event) => emit({ ...event, step: label, kind, ref } as WithoutTime<StepEvent>);
}

function outcomeWithoutChange({ declared, existing }: Step): Outcome {
  if (declared === undefined) return 'absent';
  return existing ? 'existing' : 'unchanged';
}
