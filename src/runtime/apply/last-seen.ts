import { adviceFor, describe, isUnanswered, type SdkError } from './request-errors.ts';

/** What a step saw last and what it tried: what its time-out reports. */
export class LastSeen {
  /** Ends the sentence "last seen: …". */
  text = 'no answer of the engine yet';
  #error: SdkError | undefined;
  /** What the last request that failed was for. */
  #tried = '';
  /** What did not come about, where no error says why. */
  #unmet = '';

  /** It waits, for what `until` says: `for it to be ACTIVE`. */
  waits(until: string, seen: string): void {
    this.text = seen;
    this.#error = undefined;
    this.#unmet = `waited ${until}`;
  }

  answered(operation: string): void {
    this.text = `${operation} was answered, and yet nothing changed`;
    this.#error = undefined;
    this.#unmet = `sent ${operation}, which had no effect`;
  }

  failed(doing: string, error: SdkError): void {
    this.text = `${doing}: ${describe(error)}`;
    this.#error = error;
    this.#tried = doing;
  }

  /** Whether what was met before says more than this error of a last request, which the limit cut short. */
  outweighs(error: SdkError): boolean {
    return isUnanswered(error) && (this.#error !== undefined || this.#unmet !== '');
  }

  /** What the step did to the end, as the begin of "… for 10.0 s (limit 10000 ms)". */
  whatFailed(attempts: number): string {
    return this.#error ? `tried ${this.#tried} ${attempts} times` : this.#unmet;
  }

  /** What a user can do about it. */
  advice(endpoint: string): string {
    if (this.#error) return adviceFor(this.#error, endpoint);
    return "Raise its wait.timeoutMs in the definition, or see the engine's log for why it does not get there.";
  }
}
