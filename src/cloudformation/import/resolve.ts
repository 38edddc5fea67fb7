import { InvalidInputError } from '../../runtime/errors.ts';
import { escaped } from '../literal.ts';
import { Conditions } from './conditions.ts';
import { type Fields, fieldsOf } from './document.ts';
import { attributeOf, intrinsicOf, SUB_TOKEN } from './intrinsics.ts';
import { arnFor, NAME_PROPERTY, nameFor } from './names.ts';
import type { Parameters } from './parameters.ts';
import type { RawTemplate } from './template.ts';
import { Unknown } from './unknown.ts';

export interface Place {
  region: string;
  account: string;
  stackName: string;
}

/** Works out the values of a template as a definition writes them: what is no placeholder is escaped. */
export class Resolver {
  readonly #template: RawTemplate;
  readonly #parameters: Parameters;
  readonly #place: Place;
  readonly #conditions: Conditions;
  readonly #naming: string[] = [];
  #within = '';
  constructor(template: RawTemplate, parameters: Parameters, place: Place) {
    this.#template = template;
    this.#parameters = parameters;
    this.#place = place;
    this.#conditions = new Conditions(
      template,
      (name, argument) => this.#resolved(name, argument, 2),
      (at, why) => this.#refuse(at, why),
    );
  }

  /** What messages name: the resource whose values are worked out next. */
  within(id: string): void {
    this.#within = id;
  }

  /** Plain data; what `AWS::NoValue` gives is left out, and what only AWS knows is an Unknown wherever it stands. */
  resolve(value: unknown): unknown {
    if (typeof value === 'string') return knownText(escaped(value));
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== undefined);
    const intrinsic = intrinsicOf(value);
    if (intrinsic) return this.#function(intrinsic.name, intrinsic.argument, value as Fields);
    if (typeof value !== 'object' || value === null) return value ?? undefined;
    const entries = Object.entries(value).map(([key, item]) => [key, this.resolve(item)] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  }

  /** The name of a resource, undefined where its type has none that is known here. */
  nameOf(id: string): string | Unknown | undefined {
    const resource = this.#template.resources.get(id);
    const property = resource && NAME_PROPERTY[resource.type];
    if (!resource || !property) return undefined;
    if (this.#naming.includes(id)) throw this.#refuse(resource.properties, `the name of ${id} is made of itself`);
    this.#naming.push(id);
    const name = this.resolve(resource.properties[property]);
    this.#naming.pop();
    return name === undefined ? nameFor(resource) : name instanceof Unknown ? name : String(name);
  }

  isMade(condition: string | undefined): boolean {
    return condition === undefined || this.#conditions.holds({ Condition: condition });
  }

  #function(name: string, argument: unknown, at: Fields): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(String(argument), at);
      case 'Fn::GetAtt':
        return this.#attribute(...attributeOf(argument), at);
      case 'Fn::Sub':
        return this.#sub(argument, at);
      case 'Fn::Join': {
        const [separator, items] = this.#resolved(name, argument, 2);
        return this.#text([items].flat(), String(separator));
      }
      case 'Fn::If': {
        const [condition, then, otherwise] = this.#items(name, argument, 3);
        return this.resolve(this.#conditions.holds({ Condition: String(condition) }) ? then : otherwise);
      }
      case 'Fn::Select': {
        const [index, items] = this.#resolved(name, argument, 2);
        return items instanceof Unknown ? items : (items as unknown[] | undefined)?.[Number(index)];
      }
      case 'Fn::Split': {
        const [separator, text] = this.#resolved(name, argument, 2);
        return text instanceof Unknown ? text : String(text).split(String(separator));
      }
      case 'Fn::FindInMap': {
        const keys = this.#resolved(name, argument, 3);
        const unknown = keys.find((key) => key instanceof Unknown);
        if (unknown) return unknown;
        const [map, top, second] = keys.map(String);
        const found = fieldsOf(fieldsOf(this.#template.mappings[map ?? ''])[top ?? ''])[second ?? ''];
        if (found === undefined) throw this.#refuse(at, `there is no ${map}.${top}.${second} in Mappings`);
        return this.resolve(found);
      }
      default:
        return new Unknown(name);
    }
  }

  /** The arguments of a function that takes so many, as they stand there. */
  #items(name: string, argument: unknown, count: number): unknown[] {
    if (Array.isArray(argument) && argument.length >= count) return argument;
    throw this.#refuse(argument, `${name} takes a list of ${count}`);
  }

  #resolved(name: string, argument: unknown, count: number): unknown[] {
    return this.#items(name, argument, count).map((item) => this.resolve(item));
  }

  #ref(id: string, at: Fields): unknown {
    const { region, account, stackName } = this.#place;
    const pseudo: Record<string, string | undefined> = {
      'AWS::Region': region,
      'AWS::AccountId': account,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stackName,
    };
    if (id === 'AWS::NoValue') return undefined;
    if (id.startsWith('AWS::')) return pseudo[id] ?? new Unknown(id);
    if (this.#parameters.has(id)) return this.#parameters.value(id) ?? new Unknown(`the parameter ${id}`);
    const resource = this.#template.resources.get(id);
    if (!resource) throw this.#refuse(at, `there is no parameter or resource ${id}`);
    const { type, properties } = resource;
    if (type === 'AWS::SNS::Topic') return this.#attribute(id, 'TopicArn', at);
    if (type === 'AWS::SQS::Queue') return new Unknown(`the URL of ${id}`);
    // What stands for a version of a function stands for the function here.
    if (type === 'AWS::Lambda::Alias' || type === 'AWS::Lambda::Version')
      return this.resolve(properties['FunctionName']);
    return this.nameOf(id) ?? new Unknown(`${id} (${type})`);
  }

  #attribute(id: string, attribute: string, at: Fields): unknown {
    const resource = this.#template.resources.get(id);
    if (!resource) throw this.#refuse(at, `there is no resource ${id}`);
    const name = this.nameOf(id);
    if (name instanceof Unknown) return name;
    const { region, account } = this.#place;
    const arn = name === undefined ? undefined : arnFor(resource.type, name, region, account);
    if (attribute === 'Arn' || attribute === 'TopicArn')
      return arn ?? new Unknown(`${id}.${attribute} (${resource.type})`);
    if (attribute === 'QueueName' || attribute === 'TopicName') return name;
    return new Unknown(`${id}.${attribute} (${resource.type})`);
  }

  #sub(argument: unknown, at: Fields): unknown {
    const [text, given] = [argument].flat();
    const variables = fieldsOf(given);
    const parts: unknown[] = [];
    let end = 0;
    const template = String(text);
    for (const { 0: token, 1: literal, 2: name = '', index } of template.matchAll(SUB_TOKEN)) {
      parts.push(escaped(template.slice(end, index)), literal ? escaped(`\${${name}}`) : named.call(this, name.trim()));
      end = index + token.length;
    }
    parts.push(escaped(template.slice(end)));
    return this.#text(parts, '');

    function named(this: Resolver, name: string): unknown {
      if (Object.hasOwn(variables, name)) return this.resolve(variables[name]);
      return name.includes('.') ? this.#attribute(...attributeOf(name), at) : this.#ref(name, at);
    }
  }

  #text(parts: unknown[], separator: string): string | Unknown {
    return parts.find((part) => part instanceof Unknown) ?? knownText(parts.join(separator));
  }

  #refuse(at: unknown, why: string): InvalidInputError {
    const { source, resources } = this.#template;
    const line = source.lineOf(at) ?? resources.get(this.#within)?.line ?? 1;
    return new InvalidInputError(`${source.file}:${line} ${this.#within && `${this.#within}: `}${why}.`);
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
function knownText(text: string): string | Unknown {
  return text.includes('{{resolve:') ? new Unknown('a dynamic reference') : text;
}
