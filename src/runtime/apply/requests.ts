import type { Input, Operation } from '../engine/operations.ts';
import type { SdkError } from '../engine/request-errors.ts';
import type { Outcome } from '../report/events.ts';
import { kindOf } from '../resources/index.ts';
import type { Made, SendDecision } from '../resources/kind.ts';
import type { StepRun } from './context.ts';
import type { Patience } from './patience.ts';
import { isTooSoon } from './polling.ts';

const OUTCOMES = { create: 'created', update: 'updated', delete: 'deleted' } as const;

/** The requests of one step that change something. */
export class Requests {
  /** The accepted ones, in order. */
  readonly made: Made[] = [];
  /** Their outcome; undefined until one is accepted. */
  outcome: Outcome | undefined;
  /** Whether any was sent, accepted or not. */
  hasSent = false;
  #last = '';
  #endTurn: (() => void) | undefined;
  readonly #run: StepRun;
  readonly #patience: Patience;

  constructor(run: StepRun, patience: Patience) {
    this.#run = run;
    this.#patience = patience;
  }

  /** Sends a request once; the next observation shows its effect. */
  async send(decision: SendDecision): Promise<void> {
    const { operation } = decision.request;
    this.#endTurn ??= await this.#takeTurn();
    const isRepeated = this.#last === operation + decision.why;
    this.#last = operation + decision.why;
    if (isRepeated && this.#patience.limit.isOver()) throw await this.#gaveUp(decision);
    if (!isRepeated) this.#report(decision);
    this.hasSent = true;
    try {
      await this.#request(decision);
    } catch (error) {
      return this.#patience.retry(operation, error as SdkError, 'change');
    }
    await this.#pauseAfter(decision, isRepeated);
  }

  /** Ends this step's turn. */
  end(): void {
    this.#endTurn?.();
  }

  async #request({ request, effect }: SendDecision): Promise<void> {
    const { operation, input } = request;
    const options = this.#patience.requestOptions();
    const { aws, clock } = this.#run.context;
    const sentAt = clock.now();
    const answer = await aws.call(operation, input as Input<Operation>, options);
    this.made.push({ ...request, answer } as Made);
    this.#patience.pace.caused(sentAt);
    this.#patience.lastSeen.answered(operation);
    if (this.outcome !== 'created') this.outcome = OUTCOMES[effect];
  }

  async #pauseAfter({ lastsMs }: SendDecision, isRepeated: boolean): Promise<void> {
    if (isRepeated) await this.#patience.pauseUntilNextCheck();
    else this.#patience.attempts = 0;
    const isLasting = this.#run.context.lasting?.has(this.#run.step.kind) ?? false;
    if (lastsMs && isTooSoon(lastsMs, isLasting)) await this.#patience.pause(lastsMs);
  }

  #report({ request, why, warning }: SendDecision): void {
    if (warning) this.#run.emit({ type: 'warning', message: warning });
    this.#run.emit({ type: 'request', operation: request.operation, why });
  }

  /** The time that other steps take does not count towards this step's limit. */
  async #takeTurn(): Promise<() => void> {
    const { clock, takeTurn } = this.#run.context;
    const askedAt = clock.now();
    const end = await takeTurn?.(this.#run.step.kind, (others) =>
      this.#run.emit({ type: 'waiting', until: 'for its turn', seen: `${others} ahead of it` }),
    );
    this.#patience.limit.leaveOut(clock.now() - askedAt);
    return end ?? (() => undefined);
  }

  async #gaveUp({ request: { operation }, seen }: SendDecision) {
    const { lastSeen, attempts } = this.#patience;
    const explained = await kindOf(this.#run.step.kind).explain?.(operation, this.#run.step.ref, this.#run.context.aws);
    lastSeen.text = explained ?? seen ?? lastSeen.text;
    if (attempts > 0) return this.#patience.timedOut(`tried ${operation} ${attempts} times`);
    return this.#patience.timedOut(seen ? `sent ${operation} repeatedly` : lastSeen.lastActivity(1));
  }
}
