import { basename, extname } from 'node:path';
import { textOf } from '../../runtime/definition/messages.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { escaped } from '../literal.ts';
import { fieldsOf } from './document.ts';
import type { ImportOptions } from './draft.ts';
import { arnOf, nameFor, namePropertyOf } from './names.ts';
import { Parameters } from './parameters.ts';
import { attributeOf, type Intrinsic, intrinsicOf, subParts } from './references.ts';
import type { RawTemplate } from './template.ts';

/** More than any property accepts; references to references can double a text each time. */
const MOST_CHARACTERS = 100_000;

/** A value that only AWS knows, and why. */
export class Unknown {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** Evaluates a template's values for a definition, and escapes text that is not a placeholder. */
export class Resolver {
  readonly template: RawTemplate;
  readonly parameters: Parameters;
  readonly options: ImportOptions;
  /** The resource being evaluated, which messages name. */
  within = { id: '', line: 1 };
  /** The names and conditions evaluated so far: a template can refer to one many times. */
  readonly #known = new Map<string, unknown>();
  /** Those being evaluated, to find cycles. */
  readonly #open = new Set<string>();
  constructor(template: RawTemplate, options: ImportOptions) {
    this.template = template;
    this.options = options;
    this.parameters = new Parameters(template, options.parameters);
  }

  /** Returns plain data without `AWS::NoValue`; values that only AWS knows become Unknown, at any depth. */
  resolve(value: unknown): unknown {
    if (typeof value === 'string') return knownText(escaped(value));
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== undefined);
    const intrinsic = intrinsicOf(value);
    if (intrinsic) return this.#function(intrinsic);
    if (typeof value !== 'object' || value === null) return value ?? undefined;
    const entries = Object.entries(value).map(([key, item]) => [key, this.resolve(item)] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  }

  /** The name of a resource; undefined if its type's name property is not known here. */
  nameOf(id: string): string | Unknown | undefined {
    const resource = this.template.resources.get(id);
    const property = resource && namePropertyOf(resource.type);
    if (!resource || !property) return undefined;
    const { properties } = resource;
    const name = this.#once(`the name of ${id}`, () => this.resolve(properties[property]));
    return name === undefined ? nameFor(resource) : name instanceof Unknown ? name : textOf(name);
  }

  /** Whether a condition is true, given by name or written out. */
  holds(condition: unknown): boolean {
    const [name = '', argument] = Object.entries(fieldsOf(condition))[0] ?? [];
    const each = () => [argument].flat().map((one) => this.holds(one));
    switch (name) {
      case 'Condition':
        return this.#namedHolds(textOf(argument), condition);
      case 'Fn::And':
        return each().every(Boolean);
      case 'Fn::Or':
        return each().some(Boolean);
      case 'Fn::Not':
        return !each()[0];
      case 'Fn::Equals': {
        const [one, other] = this.#resolved(name, argument, 2);
        return !(one instanceof Unknown) && JSON.stringify(one) === JSON.stringify(other);
      }
      default:
        throw this.#invalid(condition, `a condition uses ${name || 'no function'}, which cannot be evaluated here`);
    }
  }

  #namedHolds(name: string, at: unknown): boolean {
    const { conditions } = this.template;
    if (!Object.hasOwn(conditions, name)) throw this.#invalid(at, `condition ${name} does not exist`);
    return this.#once(`the condition ${name}`, () => this.holds(conditions[name]));
  }

  #function({ name, argument, at }: Intrinsic): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(textOf(argument), at);
      case 'Fn::GetAtt':
        return this.#attribute(...attributeOf(argument), at);
      case 'Fn::Sub':
        return this.#sub(argument, at);
      case 'Fn::Join': {
        const [separator, items] = this.#resolved(name, argument, 2);
        return this.#joined([items].flat(), textOf(separator));
      }
      case 'Fn::If': {
        const [condition, then, otherwise] = this.#items(name, argument, 3);
        return this.resolve(this.holds({ Condition: textOf(condition) }) ? then : otherwise);
      }
      case 'Fn::Select': {
        const [index, items] = this.#resolved(name, argument, 2);
        return items instanceof Unknown ? items : (items as unknown[] | undefined)?.[Number(textOf(index))];
      }
      case 'Fn::Split': {
        const [separator, text] = this.#resolved(name, argument, 2);
        return text instanceof Unknown ? text : textOf(text).split(textOf(separator));
      }
      case 'Fn::FindInMap': {
        const keys = this.#resolved(name, argument, 3);
        return keys.find((key) => key instanceof Unknown) ?? this.#findInMap(keys.map(textOf), at);
      }
      default:
        return new Unknown(name);
    }
  }

  /** A function's arguments, unevaluated; it takes `count` of them. */
  #items(name: string, argument: unknown, count: number): unknown[] {
    if (Array.isArray(argument) && argument.length >= count) return argument;
    throw this.#invalid(argument, `${name} takes a list of ${count} values`);
  }

  #resolved(name: string, argument: unknown, count: number): unknown[] {
    return this.#items(name, argument, count).map((item) => this.resolve(item));
  }

  #ref(id: string, at: unknown): unknown {
    if (id === 'AWS::NoValue') return undefined;
    if (id.startsWith('AWS::')) return this.#pseudo(id) ?? new Unknown(id);
    if (this.parameters.has(id)) return this.parameters.value(id) ?? new Unknown(`the parameter ${id}`);
    const resource = this.template.resources.get(id);
    if (!resource) throw this.#invalid(at, `parameter or resource ${id} does not exist`);
    const { type, properties } = resource;
    if (type === 'AWS::SNS::Topic') return this.#attribute(id, 'TopicArn', at);
    if (type === 'AWS::SQS::Queue') return new Unknown(`the URL of ${id}`);
    // An alias or a version of a function means the function here.
    if (type === 'AWS::Lambda::Alias' || type === 'AWS::Lambda::Version')
      return this.#once(`the function of ${id}`, () => this.resolve(properties['FunctionName']));
    return this.nameOf(id) ?? new Unknown(`${id} (${type})`);
  }

  #pseudo(id: string): string | undefined {
    const { file } = this.template.source;
    const values: Record<string, string> = {
      'AWS::Region': this.options.region,
      'AWS::AccountId': this.options.account,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': basename(file, extname(file)).replace(/[^A-Za-z0-9-]+/g, '-'),
    };
    return values[id];
  }

  #attribute(id: string, attribute: string, at: unknown): unknown {
    const resource = this.template.resources.get(id);
    if (!resource) throw this.#invalid(at, `resource ${id} does not exist`);
    const name = this.nameOf(id);
    if (name instanceof Unknown || attribute === 'QueueName' || attribute === 'TopicName') return name;
    const isArn = attribute === 'Arn' || attribute === 'TopicArn';
    const arn = isArn && name !== undefined && arnOf(resource.type, name, this.options);
    return arn || new Unknown(`${id}.${attribute} (${resource.type})`);
  }

  #sub(argument: unknown, at: unknown): unknown {
    const [text, given] = [argument].flat();
    const variables = fieldsOf(given);
    const named = (name: string) => {
      if (Object.hasOwn(variables, name)) return this.resolve(variables[name]);
      return name.includes('.') ? this.#attribute(...attributeOf(name), at) : this.#ref(name, at);
    };
    const parts = subParts(text).map((part) => ('name' in part ? named(part.name) : escaped(part.text)));
    return this.#joined(parts, '');
  }

  #joined(parts: unknown[], separator: string): unknown {
    const unknown = parts.find((part) => part instanceof Unknown);
    if (unknown) return unknown;
    const texts = parts.map((part) => textOf(part ?? ''));
    const length = texts.reduce((sum, text) => sum + text.length + separator.length, 0);
    if (length > MOST_CHARACTERS)
      throw this.#invalid(undefined, `a value has over ${MOST_CHARACTERS} characters: use a shorter one`);
    return knownText(texts.join(separator));
  }

  #findInMap([map = '', top = '', second = '']: string[], at: unknown): unknown {
    const found = fieldsOf(fieldsOf(this.template.mappings[map])[top])[second];
    if (found === undefined) throw this.#invalid(at, `${map}.${top}.${second} does not exist in Mappings`);
    return this.resolve(found);
  }

  /** Evaluates something once; it must not depend on itself. */
  #once<T>(what: string, work: () => T): T {
    if (this.#known.has(what)) return this.#known.get(what) as T;
    if (this.#open.has(what)) throw this.#invalid(undefined, `${what} depends on itself`);
    this.#open.add(what);
    const result = work();
    this.#open.delete(what);
    this.#known.set(what, result);
    return result;
  }

  #invalid(at: unknown, why: string): InvalidInputError {
    const { source } = this.template;
    const { id, line } = this.within;
    return new InvalidInputError(`${source.file}:${source.lineOf(at) ?? line} ${id}: ${why}.`);
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
function knownText(text: string): string | Unknown {
  return text.includes('{{resolve:') ? new Unknown('a dynamic reference') : text;
}
