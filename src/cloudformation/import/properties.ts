import { textOf } from '../../runtime/definition/messages.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { type Fields, fieldsOf } from './document.ts';
import { type Resolver, Unknown } from './intrinsics.ts';
import { namePropertyOf } from './names.ts';
import type { RawResource } from './template.ts';

/** Reads the properties of one resource, and tracks the unread ones. */
export class Properties {
  readonly resource: RawResource;
  readonly #resolver: Resolver;
  readonly #notes: string[];
  readonly #read = new Set<string>();
  constructor(resource: RawResource, resolver: Resolver, notes: string[]) {
    this.resource = resource;
    this.#resolver = resolver;
    this.#notes = notes;
    resolver.within = resource;
  }

  /** The resolved value, which may be or contain an Unknown. */
  any(key: string): unknown {
    return this.#resolver.resolve(this.raw(key));
  }

  /** The value as written in the template. */
  raw(key: string): unknown {
    this.#read.add(key);
    return this.resource.properties[key];
  }

  /** The resource's name, or the one chosen for it if it has none. */
  name(): string {
    this.text(namePropertyOf(this.resource.type) ?? '');
    return textOf(this.#resolver.nameOf(this.resource.id));
  }

  text(key: string): string | undefined {
    const value = this.any(key);
    if (value instanceof Unknown) throw this.invalid(key, `is ${value.why}, which only AWS knows`);
    if (typeof value === 'object') throw this.invalid(key, 'is not a string');
    return value === undefined ? undefined : textOf(value);
  }

  /** Accepts text, because parameters give numbers as text. */
  number(key: string): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    if (text.trim() === '' || !Number.isFinite(Number(text)))
      throw this.invalid(key, `is ${JSON.stringify(text)}, but must be a number`);
    return Number(text);
  }

  flag(key: string): boolean | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    // CloudFormation reads YAML 1.1, which has more words for true and false.
    if (/^(true|yes|on)$/i.test(text)) return true;
    if (/^(false|no|off)$/i.test(text)) return false;
    throw this.invalid(key, `is ${JSON.stringify(text)}, but must be true or false`);
  }

  /** `Tags` as a list of Key and Value, or as a map, which SAM uses. */
  tags(): Fields | undefined {
    const value = this.any('Tags');
    const pairs = Array.isArray(value)
      ? value.map(fieldsOf).map(({ Key, Value }) => [textOf(Key), Value] as const)
      : Object.entries(fieldsOf(value));
    const known = pairs.filter(([key, text]) => this.known(`tag ${key}`, text) !== undefined);
    return filled(Object.fromEntries(known.map(([key, text]) => [key, textOf(text)])));
  }

  /** Returns the value; leaves one that only AWS knows out, with a note. */
  known(what: string, value: unknown): unknown {
    if (!(value instanceof Unknown)) return value;
    this.#notes.push(`${what} of ${this.resource.id} is left out: it is ${value.why}, which only AWS knows.`);
    return undefined;
  }

  /** Notes the properties that nothing has read. */
  noteUnread(): void {
    const unread = Object.keys(this.resource.properties).filter((key) => !this.#read.has(key));
    if (unread.length > 0)
      this.#notes.push(
        `${unread.join(', ')} of ${this.resource.id}: left out, because definitions have no such setting.`,
      );
  }

  invalid(key: string, why: string): InvalidInputError {
    const { source } = this.#resolver.template;
    const { id, properties, line } = this.resource;
    return new InvalidInputError(`${source.file}:${source.lineOf(properties, key) ?? line} ${key} of ${id} ${why}.`);
  }
}

/** An object or a list; undefined if it is empty. */
export const filled = <T extends object>(value: T): T | undefined =>
  Object.keys(value).length > 0 ? value : undefined;
