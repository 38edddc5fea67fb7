import { adviceFor, describe, isUnanswered, type SdkError } from '../engine/request-errors.ts';

/** A step's last observation and attempt, for its timeout message. */
export class LastSeen {
  /** Ends the sentence "last seen: …". */
  text = 'no response from the engine yet';
  #error: SdkError | undefined;
  /** The last request that failed. */
  #tried = '';
  /** The missing effect, if there was no error to explain it. */
  #unmet = '';

  /** The step waits; `until` is like `for it to be ACTIVE`. */
  waits(until: string, seen: string): void {
    this.text = seen;
    this.#error = undefined;
    this.#unmet = `waited ${until}`;
  }

  answered(operation: string): void {
    this.text = `${operation} was accepted, but nothing changed`;
    this.#error = undefined;
    this.#unmet = `sent ${operation} without effect`;
  }

  failed(doing: string, error: SdkError): void {
    this.text = `${doing}: ${describe(error)}`;
    this.#error = error;
    this.#tried = doing;
  }

  /** Whether the earlier state explains more than this error of a last request that the limit cut short. */
  outweighs(error: SdkError): boolean {
    return isUnanswered(error) && (this.#error !== undefined || this.#unmet !== '');
  }

  /** What the step did until the end; comes before "for 10.0 s (limit 10 s)". */
  lastActivity(attempts: number): string {
    return this.#error ? `tried ${this.#tried} ${attempts} times` : this.#unmet;
  }

  /** What the user can do about it. */
  advice(endpoint: string): string {
    if (this.#error) return adviceFor(this.#error, endpoint);
    return "Raise its wait.timeoutMs in the definition, or check the engine's log for the cause.";
  }
}
