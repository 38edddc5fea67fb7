import { type Part, partsOf } from '../../runtime/definition/placeholder-syntax.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { type Ids, words } from './ids.ts';
import { join, sub, type Value } from './intrinsics.ts';

/** A parameter that represents an environment variable. */
export interface Variable {
  id: string;
  /** The environment variable's name. */
  name: string;
  default: string | undefined;
  /** Whether to hide its value: it goes into a function's environment. */
  secret: boolean;
}

export type Texts = ReturnType<typeof textsOf>;

/** Turns strings into template values, and collects the parameters that their placeholders need. */
export function textsOf(ids: Ids) {
  const variables = new Map<string, Variable>();
  const use = ({ name, fallback }: Exclude<Part, { text: string }>, secret: boolean): string => {
    const known = variables.get(name);
    if (known && known.default !== fallback) throw differentDefaults(name, known.default, fallback);
    const id = known?.id ?? ids.other(words(name.toLowerCase()));
    variables.set(name, { id, name, secret: secret || (known?.secret ?? false), default: fallback });
    return id;
  };
  const templateValue = (text: string, secret: boolean): Value => {
    const parts = partsOf(text).map((part) => ('text' in part ? part.text : { Ref: use(part, secret) }));
    const isText = (part: (typeof parts)[number]) => typeof part === 'string';
    const literal = parts.filter(isText).join('');
    if (parts.every(isText)) return literal;
    const [only] = parts;
    if (parts.length === 1 && only) return only;
    // Fn::Sub would read a literal ${ beside a reference as another reference.
    if (literal.includes('${')) return join(parts);
    return sub(parts.map((part) => (typeof part === 'string' ? part : `\${${part.Ref}}`)).join(''));
  };
  return {
    variables,
    /** For a value that need not be hidden. */
    value: (text: string) => templateValue(text, false),
    /** For a value in a function's environment. */
    secret: (text: string) => templateValue(text, true),
  };
}

function differentDefaults(name: string, one: string | undefined, other: string | undefined): InvalidInputError {
  const show = (text: string | undefined) => (text === undefined ? 'none' : `'${text}'`);
  return new InvalidInputError(
    `The placeholder ${name} has more than one default, ${show(one)} and ${show(other)}, but a CloudFormation parameter can have only one: use the same default everywhere.`,
  );
}
