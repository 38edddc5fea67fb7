/** A value that only AWS knows, and why. */
export class Unknown {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}
