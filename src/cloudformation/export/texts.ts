import { type Part, partsOf } from '../../runtime/definition/placeholder-syntax.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { type Ids, words } from './ids.ts';
import { join, ref, sub, type Value } from './intrinsics.ts';

/** A parameter that stands for an environment variable. */
export interface Variable {
  id: string;
  /** The environment variable's name. */
  name: string;
  default?: string;
  /** Whether its value must not be shown: it goes into a function's environment. */
  secret: boolean;
}

/** Turns texts into values of the template, and keeps the parameters that their placeholders ask for. */
export class Texts {
  readonly variables = new Map<string, Variable>();
  readonly #ids: Ids;
  constructor(ids: Ids) {
    this.#ids = ids;
  }

  /** For a value that everybody may see. */
  readonly value = (text: string): Value => this.#valueOf(text, false);
  /** For a value of a function's environment. */
  readonly secret = (text: string): Value => this.#valueOf(text, true);

  #valueOf(text: string, secret: boolean): Value {
    const parts = partsOf(text);
    const literal = parts.map((part) => ('text' in part ? part.text : '')).join('');
    if (parts.every((part) => 'text' in part)) return literal;
    const [only] = parts;
    if (parts.length === 1 && only) return this.#one(only, secret);
    // A literal ${ next to a reference: Fn::Sub would take it for one.
    if (literal.includes('${')) return join(parts.map((part) => this.#one(part, secret)));
    return sub(parts.map((part) => ('text' in part ? part.text : `\${${this.#use(part, secret)}}`)).join(''));
  }

  #one(part: Part, secret: boolean): Value {
    return 'text' in part ? part.text : ref(this.#use(part, secret));
  }

  #use({ name, fallback }: Exclude<Part, { text: string }>, secret: boolean): string {
    const known = this.variables.get(name);
    if (known && known.default !== fallback) throw differentDefaults(name, known.default, fallback);
    const variable: Variable = {
      id: known?.id ?? this.#ids.other(words(name.toLowerCase())),
      name,
      secret: secret || (known?.secret ?? false),
      ...(fallback !== undefined && { default: fallback }),
    };
    this.variables.set(name, variable);
    return variable.id;
  }
}

function differentDefaults(name: string, one: string | undefined, other: string | undefined): InvalidInputError {
  const show = (text: string | undefined) => (text === undefined ? 'none' : `'${text}'`);
  return new InvalidInputError(
    `The placeholder ${name} has more than one default, ${show(one)} and ${show(other)}, and a parameter of CloudFormation has one: give all of its places the same.`,
  );
}
