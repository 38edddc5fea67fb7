import type { InvalidInputError } from '../../runtime/errors.ts';
import { fieldsOf } from './document.ts';
import type { RawTemplate } from './template.ts';
import { Unknown } from './unknown.ts';

/** The conditions of a template. */
export class Conditions {
  readonly #template: RawTemplate;
  readonly #pair: (name: string, argument: unknown) => unknown[];
  readonly #refuse: (at: unknown, why: string) => InvalidInputError;
  readonly #asked: string[] = [];

  /** `pair` works out the two values that Fn::Equals compares. */
  constructor(
    template: RawTemplate,
    pair: (name: string, argument: unknown) => unknown[],
    refuse: (at: unknown, why: string) => InvalidInputError,
  ) {
    this.#template = template;
    this.#pair = pair;
    this.#refuse = refuse;
  }

  holds(value: unknown): boolean {
    const [name = '', argument] = Object.entries(fieldsOf(value))[0] ?? [];
    const each = () => [argument].flat().map((one) => this.holds(one));
    switch (name) {
      case 'Condition':
        return this.#named(String(argument), value);
      case 'Fn::And':
        return each().every(Boolean);
      case 'Fn::Or':
        return each().some(Boolean);
      case 'Fn::Not':
        return !each()[0];
      case 'Fn::Equals': {
        const [one, other] = this.#pair(name, argument);
        return !(one instanceof Unknown) && JSON.stringify(one) === JSON.stringify(other);
      }
      default:
        throw this.#refuse(value, `a condition uses ${name || 'no function'}, which cannot be worked out here`);
    }
  }

  #named(name: string, at: unknown): boolean {
    const { conditions } = this.#template;
    if (!Object.hasOwn(conditions, name)) throw this.#refuse(at, `there is no condition ${name}`);
    if (this.#asked.includes(name)) throw this.#refuse(conditions, `the condition ${name} is made of itself`);
    this.#asked.push(name);
    const holds = this.holds(conditions[name]);
    this.#asked.pop();
    return holds;
  }
}
