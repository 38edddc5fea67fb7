import { InvalidInputError } from '../../runtime/errors.ts';
import { fieldsOf } from './document.ts';
import type { Resolver } from './resolve.ts';
import type { RawResource, RawTemplate } from './template.ts';
import { Unknown } from './unknown.ts';

/** Reads the properties of one resource, and knows which of them nobody has asked for. */
export class Properties {
  readonly resource: RawResource;
  readonly #read = new Set<string>();
  readonly #template: RawTemplate;
  readonly #resolver: Resolver;
  constructor(resource: RawResource, template: RawTemplate, resolver: Resolver) {
    this.resource = resource;
    this.#template = template;
    this.#resolver = resolver;
    resolver.within(resource.id);
  }

  /** As it is resolved; it may be, or hold, what only AWS knows. */
  any(key: string): unknown {
    this.#read.add(key);
    return this.#resolver.resolve(this.resource.properties[key]);
  }

  /** As it stands in the template. */
  raw(key: string): unknown {
    this.#read.add(key);
    return this.resource.properties[key];
  }

  text(key: string): string | undefined {
    const value = this.any(key);
    if (value instanceof Unknown) throw this.refuse(key, `is ${value.why}, which only AWS knows`);
    if (value === undefined) return undefined;
    if (typeof value === 'object') throw this.refuse(key, 'is no text');
    return String(value);
  }

  /** A parameter gives numbers as text. */
  number(key: string): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    if (text.trim() === '' || !Number.isFinite(Number(text)))
      throw this.refuse(key, `is ${JSON.stringify(text)}, and must be a number`);
    return Number(text);
  }

  flag(key: string): boolean | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    // YAML 1.1, which CloudFormation reads, has more words for it.
    if (/^(true|yes|on)$/i.test(text)) return true;
    if (/^(false|no|off)$/i.test(text)) return false;
    throw this.refuse(key, `is ${JSON.stringify(text)}, and must be true or false`);
  }

  /** `Tags` as a list of Key and Value, or as SAM has them, without those that only AWS knows, which are noted. */
  tags(notes: string[]): Record<string, string> | undefined {
    const value = this.any('Tags');
    const pairs = Array.isArray(value)
      ? value.map((tag) => [String(fieldsOf(tag)['Key']), fieldsOf(tag)['Value']] as const)
      : Object.entries(fieldsOf(value));
    const known = pairs.filter(
      ([key, text]) => !(text instanceof Unknown && notes.push(this.unknown(`tag ${key}`, text))),
    );
    return known.length > 0 ? Object.fromEntries(known.map(([key, text]) => [key, String(text)])) : undefined;
  }

  /** Properties that nobody has asked for. */
  get unread(): string[] {
    return Object.keys(this.resource.properties).filter((key) => !this.#read.has(key));
  }

  /** What is noted of a setting that is left out because only AWS knows it. */
  unknown(what: string, { why }: Unknown): string {
    return `${what} of ${this.resource.id} is left out: it is ${why}, which only AWS knows.`;
  }

  refuse(key: string, why: string): InvalidInputError {
    const { source } = this.#template;
    const { id, properties, line } = this.resource;
    return new InvalidInputError(`${source.file}:${source.lineOf(properties, key) ?? line} ${key} of ${id} ${why}.`);
  }
}

/** An object without the keys whose value is undefined. */
export function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
