import { suggest } from '../../runtime/definition/messages.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { METADATA } from '../export/template.ts';
import { escaped } from '../literal.ts';
import { type Fields, fieldsOf } from './document.ts';
import type { RawTemplate } from './template.ts';

/** What the parameters of a template give, as text of a definition; lists where the parameter is one. */
export class Parameters {
  /** The environment variables that stand for parameters, by parameter. */
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

  /** Undefined where only AWS knows it. */
  value(name: string): string | string[] | undefined {
    const declared = fieldsOf(this.#template.parameters[name]);
    const { Type: type = 'String', Default } = declared;
    const given = this.#given.get(name);
    const text = given ?? (Default === undefined ? undefined : String(Default));
    const variable = given === undefined ? this.#variableOf(name, declared) : undefined;
    // A default with a } cannot stand in a placeholder; as it is in the template, it is no secret.
    if (variable && !text?.includes('}')) {
      this.variables.set(name, variable);
      return text === undefined ? `\${${variable}}` : `\${${variable}:-${text}}`;
    }
    if (text === undefined) throw this.#missing(name);
    if (String(type).startsWith('AWS::SSM::') && given === undefined) return undefined;
    if (!/^(CommaDelimitedList|List<)/.test(String(type))) return escaped(text);
    return text.split(',').map((item) => escaped(item.trim()));
  }

  /** The environment variable that a parameter becomes: of what must not be shown, and of what an export made of one. */
  #variableOf(name: string, declared: Fields): string | undefined {
    const { metadata } = this.#template;
    const labels = fieldsOf(fieldsOf(metadata['AWS::CloudFormation::Interface'])['ParameterLabels']);
    const label = metadata[METADATA] ? fieldsOf(labels[name])['default'] : undefined;
    if (label !== undefined) return String(label);
    return String(declared['NoEcho']) === 'true' ? name : undefined;
  }

  #missing(name: string): InvalidInputError {
    const { source, parameters } = this.#template;
    const isMissing = (other: string) =>
      !this.#given.has(other) && fieldsOf(parameters[other])['Default'] === undefined;
    const others = Object.keys(parameters).filter((other) => other !== name && isMissing(other));
    const more = others.length > 0 ? ` (also without one: ${others.join(', ')})` : '';
    return new InvalidInputError(
      `${source.file}:${source.lineOf(parameters, name) ?? 1} the parameter ${name} has no default${more}: give --parameter ${name}=VALUE.`,
    );
  }
}

/** Rejects what is given on the command line for something that the template does not have. */
export function rejectUnknown(
  what: string,
  given: ReadonlyMap<string, string>,
  known: string[],
  { source }: RawTemplate,
): void {
  const unknown = [...given.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new InvalidInputError(
      `${source.file} has no ${what} ${unknown}${suggest(unknown, known, 'it has') || ', nor any other'}.`,
    );
}
