import { suggest, textOf } from '../../runtime/definition/messages.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { METADATA } from '../export/template.ts';
import { escaped } from '../literal.ts';
import { type Fields, fieldsOf } from './document.ts';
import type { RawTemplate } from './template.ts';

/** The values of a template's parameters, as definition text; a list parameter gives a list. */
export class Parameters {
  /** The environment variables that replace parameters, by parameter. */
  readonly variables = new Map<string, string>();
  readonly #template: RawTemplate;
  readonly #given: ReadonlyMap<string, string>;
  constructor(template: RawTemplate, given: ReadonlyMap<string, string>) {
    this.#template = template;
    this.#given = given;
    rejectUnknown('parameter', given, Object.keys(template.parameters), template);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#template.parameters, name);
  }

  /** Undefined if only AWS knows it. */
  value(name: string): string | string[] | undefined {
    const declared = fieldsOf(this.#template.parameters[name]);
    const { Type: type = 'String', Default } = declared;
    const given = this.#given.get(name);
    const text = given ?? (Default === undefined ? undefined : textOf(Default));
    const variable = given === undefined ? this.#variableOf(name, declared) : undefined;
    // A placeholder cannot have a default with a }; and a default in the template is not secret.
    if (variable && !text?.includes('}')) {
      this.variables.set(name, variable);
      return text === undefined ? `\${${variable}}` : `\${${variable}:-${text}}`;
    }
    if (text === undefined) throw this.#missing(name);
    if (textOf(type).startsWith('AWS::SSM::') && given === undefined) return undefined;
    if (!/^(CommaDelimitedList|List<)/.test(textOf(type))) return escaped(text);
    return text.split(',').map((item) => escaped(item.trim()));
  }

  /** The environment variable that replaces a parameter with NoEcho, or one that an export made from a variable. */
  #variableOf(name: string, declared: Fields): string | undefined {
    const { metadata } = this.#template;
    const labels = fieldsOf(fieldsOf(metadata['AWS::CloudFormation::Interface'])['ParameterLabels']);
    const label = metadata[METADATA] ? fieldsOf(labels[name])['default'] : undefined;
    if (label !== undefined) return textOf(label);
    return textOf(declared['NoEcho']) === 'true' ? name : undefined;
  }

  #missing(name: string): InvalidInputError {
    const { source, parameters } = this.#template;
    const isMissing = (other: string) =>
      !this.#given.has(other) && fieldsOf(parameters[other])['Default'] === undefined;
    const others = Object.keys(parameters).filter((other) => other !== name && isMissing(other));
    const more = others.length > 0 ? ` (also without a default: ${others.join(', ')})` : '';
    return new InvalidInputError(
      `${source.file}:${source.lineOf(parameters, name) ?? 1} the parameter ${name} has no default${more}: pass --parameter ${name}=VALUE.`,
    );
  }
}

/** Rejects a value on the command line for something that the template does not have. */
export function rejectUnknown(
  what: string,
  given: ReadonlyMap<string, string>,
  known: string[],
  { source }: RawTemplate,
): void {
  const unknown = [...given.keys()].find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const hint = suggest(unknown, known, 'it has') || `, or any other ${what}`;
  throw new InvalidInputError(`${source.file} has no ${what} ${unknown}${hint}${hint.endsWith('?') ? '' : '.'}`);
}
