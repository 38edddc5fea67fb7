import type { Aws, CallOptions } from '../engine/connect.ts';
import type { Engine } from '../engine/engine.ts';
import type { Input, Operation, Output, Request } from '../engine/operations.ts';
import type { Identity } from '../identity.ts';
import type { Share } from './shared-answers.ts';

/** What to do about a resource, decided from what is declared and what was seen. Plain data: acting on it is apply's. */
export type Decision = { do: 'nothing' } | WaitDecision | SendDecision | FailDecision;

export interface WaitDecision {
  do: 'wait';
  /** Completes "waiting …". */
  until: string;
  /** What there is instead. */
  seen: string;
  /** What to do where it never ends. */
  advice?: string;
  /** Milliseconds for which this usually lasts. */
  lastsMs?: number | undefined;
}

export interface SendDecision {
  do: 'send';
  request: Request;
  effect: 'create' | 'update' | 'delete';
  /** Completes "CreateStream: …". */
  why: string;
  /** Printed before the request is made. */
  warning?: string;
  /** What came of it before. */
  seen?: string;
  /** Milliseconds for which the state that it brings about usually lasts. */
  lastsMs?: number | undefined;
}

export interface FailDecision {
  do: 'fail';
  /** One sentence: the resource, what was expected, what was seen, what to do. */
  problem: string;
}

type SendDetails = Pick<SendDecision, 'warning' | 'seen' | 'lastsMs'>;

export function create(request: Request, why: string, details: SendDetails = {}): SendDecision {
  return { do: 'send', effect: 'create', request, why, ...details };
}

export function update(request: Request, why: string, details: SendDetails = {}): SendDecision {
  return { do: 'send', effect: 'update', request, why, ...details };
}

export function remove(request: Request, why = 'declared by the definition that is destroyed'): SendDecision {
  return { do: 'send', effect: 'delete', request, why };
}

export function fail(problem: string): FailDecision {
  return { do: 'fail', problem };
}

/** What a decision may depend on beside the resource itself. */
export interface World {
  region: string;
  account: string;
  engine: Engine;
  /** Milliseconds since the epoch. */
  now: number;
}

/** A request and its answer. */
export type Made = { [O in Operation]: { operation: O; input: Input<O>; answer: Output<O> } }[Operation];

/** A resource that is as declared. */
export interface Ready {
  /** As its kind saw it last. */
  seen: unknown;
  /** When it was seen ready, in world.now's milliseconds, where this pass has made it. */
  createdAt?: number;
}

/** Read access to the engine, bound to the step's time limit. */
export interface Reader {
  call: Aws['call'];
  options: CallOptions;
  /** Whether this run has seen the resource or asked for it, so that reading it is not expected to fail. */
  known: boolean;
  world: World;
  /** The step's requests that were answered, in order: for what no look can see. Left out, none were. */
  made?: readonly Made[];
  /** What this pass has seen ready. Left out, nothing. */
  ready?: ((identity: Identity) => Ready | undefined) | undefined;
  /** Answers that all steps of a run share; left out, none are. */
  shared?: Share | undefined;
}

/**
 * A kind of resource: the only place that knows how it is read and what makes it ready. `Ref` is its identity,
 * `Declared` what a definition says of it (`undefined`: it should not exist), `Seen` what the engine says.
 */
export interface Kind<Ref, Declared, Seen> {
  /** As a reader calls it: `event source mapping`. */
  readonly label: string;
  /** Limits where the definition sets none. */
  readonly wait: { timeoutMs: number };
  observe(ref: Ref, reader: Reader, declared: Declared | undefined): Promise<Seen | undefined>;
  decide(ref: Ref, declared: Declared | undefined, seen: Seen | undefined, world: World): Decision;
  /** All that differs of a resource that is there, in the order in which decide brings it up: of these it decides for the first. */
  updates?(ref: Ref, declared: Declared, seen: Seen, world: World): Iterable<Decision>;
  /** How many an engine takes that are on their way at once; left out, any number. */
  readonly atOnce?: number;
  /** Whether it goes when what holds it goes, so that nothing removes it. */
  readonly goesWithItsHolder?: boolean;
  /** What works otherwise on this engine than declared; printed before anything is created. */
  warnings?(declared: Declared, engine: Engine): string[];
  /** Why it must not be removed yet, as a sentence; `undefined` where it may be. */
  keptBy?(ref: Ref, aws: Aws): Promise<string | undefined>;
  /** A problem with the declaration on this engine; asked of every resource before anything is created. */
  unsupported?(ref: Ref, declared: Declared, world: World): string | undefined;
  /** Errors of a request, by name, that a moment may mend: what it needs was seen ready but is not known everywhere yet. */
  isPropagation?(error: { name: string; message: string }): boolean;
  /** Why an error of a request will not pass, however often it is sent, as the end of a sentence; `undefined` where it may. */
  hopeless?(error: { name: string; message: string }, ref: Ref, aws: Aws): Promise<string | undefined>;
  /** What is to be said when an operation was sent again and again, to the limit, and nothing came of it. */
  explain?(operation: Operation, ref: Ref, aws: Aws): Promise<string | undefined>;
}

/** A bucket, a stream or a function, or the seed of one. */
export interface NameRef {
  name: string;
}

export const NOTHING: Decision = { do: 'nothing' };

/** What is done next of all that is to be done. */
export function first([next]: Iterable<Decision>): Decision {
  return next ?? NOTHING;
}

/** What is declared as existing and is not there yet. */
export function waitForOthers(seen: string): Decision {
  return {
    do: 'wait',
    until: 'for it to be made',
    seen,
    advice:
      'It is declared as existing, so something else makes it: make it before, raise its wait.timeoutMs, or leave existing out and have it made here.',
  };
}

/** What the names of our own tags begin with. No definition can declare such a one. */
export const OWN_TAGS = 'ready-hooks:';

/** Tags to set and to remove, to get from `seen` to `declared`. Tags that AWS itself sets (`aws:…`) and our own are left alone. */
export function tagChanges(declared: Record<string, string>, seen: Record<string, string>) {
  const set = Object.fromEntries(Object.entries(declared).filter(([key, value]) => seen[key] !== value));
  const isLeftAlone = (key: string) => key.startsWith('aws:') || key.startsWith(OWN_TAGS);
  const remove = Object.keys(seen).filter((key) => !(key in declared) && !isLeftAlone(key));
  return { set, remove };
}

/** An update that sets tags and one that removes others, where there are such; the requests are those of the service. */
export function* tagUpdates(
  declared: Record<string, string>,
  seen: Record<string, string>,
  setting: (tags: Record<string, string>) => Request,
  removing: (keys: string[]) => Request,
): Generator<Decision> {
  const { set, remove: gone } = tagChanges(declared, seen);
  if (Object.keys(set).length > 0) yield update(setting(set), `tags ${Object.keys(set).join(', ')}`);
  if (gone.length > 0) yield update(removing(gone), `tags ${gone.join(', ')} are no longer declared`);
}

/** What a service calls a tag, as an object. */
export function tagsIn(tags: readonly { Key?: string | undefined; Value?: string | undefined }[]) {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** The ARN a stream of this name has in the world that is looked at. */
export function streamArn(name: string, { region, account }: Pick<World, 'region' | 'account'>): string {
  return `arn:aws:kinesis:${region}:${account}:stream/${name}`;
}

/** JSON with sorted keys: engines return objects in an order of their own. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** An answer without what every answer of that operation holds: nothing may be concluded from it. */
class IncompleteAnswer extends Error {
  override name = 'IncompleteAnswer';
  readonly operation: Operation;
  constructor(operation: Operation, missing: string) {
    super(`the answer has no ${missing}`);
    this.operation = operation;
  }
}

/** A part of an answer that must be there. Taking its absence for "none" would make duplicates, or deliver old records. */
export function given<T>(value: T | undefined, operation: Operation, part: string): T {
  if (value === undefined) throw new IncompleteAnswer(operation, part);
  return value;
}

/** Whether an SDK error has this name. */
export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

/** What to catch with where an error of this name is an answer: it gives `answer`, and any other error is thrown on. */
export function whenNamed<T>(name: string, answer: T): (error: unknown) => T {
  return (error) => {
    if (isNamed(error, name)) return answer;
    throw error;
  };
}

/** All items of an operation that answers in pages. `read` gets the token of the page, and returns its items and the next token. */
export async function pages<T>(
  read: (token: string | undefined) => Promise<{ items: readonly T[]; next: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await read(token);
    all.push(...items);
    token = next;
  } while (token);
  return all;
}
