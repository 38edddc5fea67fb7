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
    const names = Object.keys(template.parameters);
    for (const name of given.keys())
      if (!names.includes(name))
        throw new InvalidInputError(
          `${template.source.file} has no parameter ${name}${suggest(name, names, 'it has') || ', nor any other'}.`,
        );
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#template.parameters, name);
  }

  /** Undefined where only AWS knows it. */
  value(name: string): string | string[] | undefined {
    const declared = fieldsOf(this.#template.parameters[name]);
    const type = String(declared['Type'] ?? 'String');
    const given =
      this.#given.get(name) ?? (declared['Default'] === undefined ? undefined : String(declared['Default']));
    const variable = this.#given.has(name) ? undefined : this.#variableOf(name, declared);
    // A default with a } cannot stand in a placeholder; as it is in the template, it is no secret.
    if (variable && !given?.includes('}')) {
      this.variables.set(name, variable);
      return given === undefined ? `\${${variable}}` : `\${${variable}:-${given}}`;
    }
    if (given === undefined) throw this.#missing(name);
    if (type.startsWith('AWS::SSM::') && !this.#given.has(name)) return undefined;
    if (!/^(CommaDelimitedList|List<)/.test(type)) return escaped(given);
    return given.split(',').map((item) => escaped(item.trim()));
  }

  /** The environment variable that a parameter becomes: of what must not be shown, and of what an export made of one. */
  #variableOf(name: string, declared: Fields): string | undefined {
    const { metadata } = this.#template;
    const labels = fieldsOf(fieldsOf(metadata['AWS::CloudFormation::Interface'])['ParameterLabels']);
    const label = metadata[METADATA] ? fieldsOf(labels[name])['default'] : undefined;
    if (label !== undefined) return String(label);
    return declared['NoEcho'] === true || declared['NoEcho'] === 'true' ? name : undefined;
  }

  #missing(name: string): InvalidInputError {
    const { source, parameters } = this.#template;
    const others = Object.keys(parameters).filter(
      (other) => other !== name && !this.#given.has(other) && fieldsOf(parameters[other])['Default'] === undefined,
    );
    const more = others.length > 0 ? ` (also without one: ${others.join(', ')})` : '';
    return new InvalidInputError(
      `${source.file}:${source.lineOf(parameters, name) ?? 1} the parameter ${name} has no default${more}: give --parameter ${name}=VALUE.`,
    );
  }
}
