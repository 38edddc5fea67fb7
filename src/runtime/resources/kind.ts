import pLimit from 'p-limit';
import type { Aws, CallOptions } from '../engine/connect.ts';
import type { Engine } from '../engine/engine.ts';
import type { Input, Operation, Output, Request } from '../engine/operations.ts';
import type { Identity } from '../identity.ts';
import type { Share } from './shared-answers.ts';

/** The next step for a resource, decided from its declared and observed states. Plain data: apply acts on it. */
export type Decision = { do: 'nothing' } | WaitDecision | SendDecision | FailDecision;

export interface WaitDecision {
  do: 'wait';
  /** Completes "waiting …". */
  until: string;
  /** The current state. */
  seen: string;
  /** What to do if the wait never ends. */
  advice?: string;
  /** How many milliseconds this usually lasts. */
  lastsMs?: number | undefined;
}

export interface SendDecision {
  do: 'send';
  request: Request;
  effect: 'create' | 'update' | 'delete';
  /** Completes "CreateStream: …". */
  why: string;
  /** Printed before the request is sent. */
  warning?: string;
  /** The result of earlier attempts. */
  seen?: string;
  /** How many milliseconds the state after it usually lasts. */
  lastsMs?: number | undefined;
}

export interface FailDecision {
  do: 'fail';
  /** The resource, what was expected, what was seen, what to do. */
  problem: string;
}

type SendDetails = Pick<SendDecision, 'warning' | 'seen' | 'lastsMs'>;

export function create(request: Request, why: string, details: SendDetails = {}): SendDecision {
  return { do: 'send', effect: 'create', request, why, ...details };
}

export function update(request: Request, why: string, details: SendDetails = {}): SendDecision {
  return { do: 'send', effect: 'update', request, why, ...details };
}

export function remove(request: Request, why = 'no longer wanted'): SendDecision {
  return { do: 'send', effect: 'delete', request, why };
}

export function fail(problem: string): FailDecision {
  return { do: 'fail', problem };
}

/** What a decision may depend on besides the resource itself. */
export interface World {
  region: string;
  account: string;
  engine: Engine;
  /** Milliseconds since the epoch. */
  now: number;
  /** The name of the pipeline, which goes into the tag PIPELINE of what it makes. Default: none, so it tags nothing. */
  owner?: string | undefined;
}

/** A request and its response. */
export type Made = { [O in Operation]: { operation: O; input: Input<O>; answer: Output<O> } }[Operation];

/** A resource in its declared state. */
export interface Ready {
  /** The last observation. */
  seen: unknown;
  /** When it was ready (as `world.now`), if this pass created it. */
  createdAt?: number;
}

/** Read access to the engine, bound to the step's time limit. */
export interface Reader {
  call: Aws['call'];
  options: CallOptions;
  /** Whether this run has seen or requested the resource, so that reading it should work. */
  known: boolean;
  world: World;
  /** The step's accepted requests, in order, for effects that cannot be observed. Default: none. */
  made?: readonly Made[];
  /** The resources this pass has seen ready. Default: none. */
  ready?: ((identity: Identity) => Ready | undefined) | undefined;
  /** Responses that all steps of a run share. Default: none. */
  shared?: Share | undefined;
}

/** What reading ahead can use: the engine may not be known yet. */
export type AheadReader = Pick<Reader, 'call' | 'options' | 'shared'> & Pick<World, 'region' | 'account'>;

/**
 * A kind of resource: the only code that knows how to read it and when it is ready. `Ref` is its identity,
 * `Declared` its state in the definition (`undefined`: it should not exist), `Seen` its state on the engine.
 */
export interface Kind<Ref, Declared, Seen> {
  /** The name for people: `event source mapping`. */
  readonly label: string;
  /** Default limits. */
  readonly wait: { timeoutMs: number };
  observe(ref: Ref, reader: Reader, declared: Declared | undefined): Promise<Seen | undefined>;
  /** Sends a read of the first observation, which takes its shared answer, before the step starts. */
  readAhead?(ref: Ref, reader: AheadReader): Promise<unknown>;
  decide(ref: Ref, declared: Declared | undefined, seen: Seen | undefined, world: World): Decision;
  /** All updates that an existing resource needs, in order; `decide` returns the first. */
  updates?(ref: Ref, declared: Declared, seen: Seen, world: World): Iterable<Decision>;
  /** How many an engine can create at a time. Default: any number. */
  readonly mostCreating?: number;
  /** How many milliseconds the first steps of other kinds leave to this one, which takes longest. Default 0. */
  readonly headStartMs?: number;
  /** Whether it is deleted with the resource that holds it, so that no step deletes it. */
  readonly isDeletedWithOwner?: boolean;
  /** Differences between the declaration and this engine's behaviour; printed before anything is created. */
  warnings?(declared: Declared, engine: Engine): string[];
  /** Why it must not be removed yet, as a sentence; `undefined` if it may be. */
  keptBy?(ref: Ref, aws: Aws): Promise<string | undefined>;
  /** Why this engine cannot run the declaration; checked for every resource before anything is created. */
  unsupported?(ref: Ref, declared: Declared, world: World): string | undefined;
  /** Whether an error may pass in a moment: a resource that the request needs is ready, but not visible everywhere yet. */
  isPropagation?(error: { name: string; message: string }): boolean;
  /** The resources of this kind on the engine, with the pipeline in their tag; `skips` names those that need not be read. */
  find?(aws: Aws, skips: (ref: Ref) => boolean): Promise<Found<Ref>[]>;
  /** Why retrying cannot help against an error, as the end of a sentence; `undefined` if it may. */
  permanent?(error: { name: string; message: string }, ref: Ref, aws: Aws): Promise<string | undefined>;
  /** The state to report if an operation was repeated until the limit without effect. */
  explain?(operation: Operation, ref: Ref, aws: Aws): Promise<string | undefined>;
}

/** A resource on the engine. */
export interface Found<Ref> {
  ref: Ref;
  /** The pipeline in its tag; undefined if it has none. */
  owner?: string | undefined;
}

/** A bucket, a stream or a function, or the seed of one. */
export interface NameRef {
  name: string;
}

export const NOTHING: Decision = { do: 'nothing' };

/** The first of several decisions. */
export function first([next]: Iterable<Decision>): Decision {
  return next ?? NOTHING;
}

/** For a resource declared as existing that does not exist yet. */
export function waitForExisting(kind: string, { region }: World): Decision {
  return {
    do: 'wait',
    until: 'for it to be created',
    seen: `no such ${kind} in ${region}`,
    advice:
      'It is declared as existing, so something else must create it: create it first, raise its wait.timeoutMs, or leave existing out to have it created here.',
  };
}

/** The prefix of ready-hooks' own tags; definitions cannot use it. */
export const OWN_TAGS = 'ready-hooks:';

/**
 * Tag of everything that a pipeline makes: the pipeline's name. It identifies the resources that a pipeline made and no longer
 * declares (../left-over.ts). A resource without it was made by someone else, so it gets none later.
 */
export const PIPELINE = `${OWN_TAGS}pipeline`;

export function ownerTag(owner: string | undefined): Record<string, string> {
  return owner === undefined ? {} : { [PIPELINE]: owner };
}

/** The tag to set on a declared resource that was made by another pipeline, such as one whose file was renamed. */
export function takenOver(seen: Record<string, string>, owner: string | undefined): Record<string, string> {
  return seen[PIPELINE] === undefined || seen[PIPELINE] === owner ? {} : ownerTag(owner);
}

/** How many resources to read at once. */
const READS_AT_ONCE = 8;

/** Reads one thing about each of many resources, a few at once. */
export function readEach<T, R>(items: readonly T[], read: (item: T) => Promise<R>): Promise<R[]> {
  const limit = pLimit(READS_AT_ONCE);
  return Promise.all(items.map((item) => limit(read, item)));
}

/** Reads the tags of resources. */
export function withOwners<F>(
  found: readonly F[],
  tagsOf: (found: F) => Promise<Record<string, string>>,
): Promise<(F & { owner: string | undefined })[]> {
  return readEach(found, async (each) => ({ ...each, owner: (await tagsOf(each).catch(noTags))?.[PIPELINE] }));
}

/** A resource has no tags if it vanishes meanwhile, or if the engine rejects reading them. */
export function noTags(error: Error & { $metadata?: { httpStatusCode?: number } }): undefined {
  const status = error.$metadata?.httpStatusCode ?? 0;
  if (status < 400 || status >= 500 || /Throttl|LimitExceeded|TooManyRequests/.test(error.name)) throw error;
}

/** Tags to set and to remove to get from `seen` to `declared`. Leaves AWS's own tags (`aws:…`) and ready-hooks' own alone. */
export function tagChanges(declared: Record<string, string>, seen: Record<string, string>) {
  const set = Object.fromEntries(Object.entries(declared).filter(([key, value]) => seen[key] !== value));
  const isLeftAlone = (key: string) => key.startsWith('aws:') || key.startsWith(OWN_TAGS);
  const remove = Object.keys(seen).filter((key) => !(key in declared) && !isLeftAlone(key));
  return { set, remove };
}

/** Up to two updates, one that sets tags and one that removes tags, with the service's own requests. */
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

/** A service's list of tags as an object. */
export function tagsIn(tags: readonly { Key?: string | undefined; Value?: string | undefined }[]) {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** The ARN of a stream in this region and account. */
export function streamArn(name: string, { region, account }: Pick<World, 'region' | 'account'>): string {
  return `arn:aws:kinesis:${region}:${account}:stream/${name}`;
}

/** JSON with sorted keys: engines return keys in any order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** A response without a field that every response of that operation has: it proves nothing. */
class IncompleteResponse extends Error {
  override name = 'IncompleteResponse';
  readonly operation: Operation;
  constructor(operation: Operation, missing: string) {
    super(`the response has no ${missing}`);
    this.operation = operation;
  }
}

/** A required field of a response. Reading its absence as "none" would create duplicates or deliver old records. */
export function given<T>(value: T | undefined, operation: Operation, part: string): T {
  if (value === undefined) throw new IncompleteResponse(operation, part);
  return value;
}

/** Whether an SDK error has this name. */
export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

/** For `catch`: returns `answer` for an error of this name and rethrows any other. */
export function whenNamed<T>(name: string, answer: T): (error: unknown) => T {
  return (error) => {
    if (isNamed(error, name)) return answer;
    throw error;
  };
}

/** All items of a paged operation. `read` gets the page's token, and returns its items and the next token. */
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
