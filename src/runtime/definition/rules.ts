import { ENVIRONMENT_BYTES, MOST_TAGS } from './aws-limits.ts';
import { type Problem, show, suggest, textOf } from './messages.ts';
import { holdsPlaceholder } from './placeholder-syntax.ts';

type Fields = Record<string, unknown>;
type Rule = (item: Fields, declared: Declared, isResolved: boolean) => Iterable<Problem>;

interface Declared {
  buckets: string[];
  streams: string[];
  functions: string[];
  /** Functions declared as existing. */
  existing: string[];
  account: unknown;
}

/** Checks that involve more than one field. The pipeline may have other problems too, so nothing is assumed about its shape. */
export function ruleProblems(input: unknown, isResolved: boolean): Problem[] {
  const pipeline = fieldsOf(input);
  const names = (key: string) => Object.keys(fieldsOf(pipeline[key]));
  const functions = fieldsOf(pipeline['functions']);
  const declared = {
    buckets: names('buckets'),
    streams: names('streams'),
    functions: names('functions'),
    account: pipeline['account'],
    existing: names('functions').filter((name) => fieldsOf(functions[name])['existing'] === true),
  };
  const apply = (key: string, rule: Rule) =>
    entriesOf(pipeline[key]).flatMap(([name, item]) =>
      [...rule(item, declared, isResolved)].map(({ path, says }) => ({ path: [key, name, ...path], says })),
    );
  return [
    ...apply('buckets', bucketRules),
    ...apply('streams', streamRules),
    ...apply('functions', functionRules),
    ...apply('eventSourceMappings', mappingRules),
    ...duplicates(entriesOf(pipeline['eventSourceMappings'])),
  ];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html: InvalidBucketAclWithObjectOwnership */
function* bucketRules({ acl, objectOwnership, tags, seed }: Fields): Iterable<Problem> {
  if (objectOwnership === 'BucketOwnerEnforced' && acl !== undefined && acl !== 'private' && !holdsPlaceholder(acl))
    yield problem('acl', `is ${show(acl)}, which objectOwnership BucketOwnerEnforced forbids: leave one of them out`);
  if (seed === undefined) return;
  yield* exactlyOne(fieldsOf(seed), ['seed'], 'objects', ['directory', 'zip']);
  yield* roomForMark(tags);
}

/** Checks that exactly one of these keys is set; `what` is missing if none is. */
function* exactlyOne(fields: Fields, path: string[], what: string, keys: string[]): Iterable<Problem> {
  const given = keys.filter((key) => fields[key] !== undefined);
  const all = `${keys.slice(0, -1).join(', ')} and ${keys.at(-1)}`;
  if (given.length !== 1)
    yield { path, says: `has ${given.join(' and ') || `no ${what}`}, but must have exactly one of ${all}` };
}

/** A seed adds a tag. */
function* roomForMark(tags: unknown): Iterable<Problem> {
  const count = Object.keys(fieldsOf(tags)).length;
  if (count === MOST_TAGS)
    yield problem('tags', `has ${count} tags, but a seed adds one, so at most ${count - 1} are allowed: leave one out`);
}

function* streamRules({ streamMode, shardCount, tags, seed }: Fields): Iterable<Problem> {
  if (streamMode === 'ON_DEMAND' && shardCount !== undefined)
    yield problem('shardCount', 'cannot be set with streamMode ON_DEMAND: leave one of them out');
  if (seed !== undefined) yield* roomForMark(tags);
}

function* functionRules(fn: Fields, { buckets, account }: Declared, isResolved: boolean): Iterable<Problem> {
  if (fn['existing']) return;
  yield* exactlyOne(fn, [], 'code', ['entry', 'directory', 'zip']);
  if (fn['entry'] && typeof fn['runtime'] === 'string' && !/^nodejs|\$\{/.test(fn['runtime']))
    yield problem('runtime', `is ${show(fn['runtime'])}, but an entry is JavaScript and needs a nodejs runtime`);
  const roleAccount = /^arn:[^:]*:iam::(\d{12}):/.exec(textOf(fn['role']))?.[1];
  if (roleAccount && /^\d{12}$/.test(textOf(account)) && roleAccount !== account)
    yield problem(
      'role',
      `belongs to account ${roleAccount}, but must belong to the pipeline's, ${account}: leave role out, or set account`,
    );
  const [environment, variables] = [fieldsOf(fn['environment']), fieldsOf(fn['buckets'])];
  for (const [variable, name] of Object.entries(variables)) {
    if (Object.hasOwn(environment, variable))
      yield { path: ['buckets', variable], says: 'is also in environment: leave one of them out' };
    yield* undeclared(name, buckets, 'buckets', ['buckets', variable]);
  }
  const all = Object.fromEntries(
    Object.entries({ ...environment, ...variables }).filter(([, value]) => typeof value === 'string'),
  );
  const bytes = new TextEncoder().encode(JSON.stringify(all)).length;
  if (bytes > ENVIRONMENT_BYTES && (isResolved || !holdsPlaceholder(all)))
    yield problem('environment', `is ${bytes} bytes with buckets, but must be at most ${ENVIRONMENT_BYTES}`);
}

function* mappingRules(mapping: Fields, declared: Declared): Iterable<Problem> {
  yield* undeclared(mapping['stream'], declared.streams, 'streams', ['stream']);
  yield* undeclared(mapping['function'], declared.functions, 'functions', ['function']);
  yield* undeclared(fieldsOf(mapping['onFailure'])['bucket'], declared.buckets, 'buckets', ['onFailure', 'bucket']);
  const { startingPosition, startingPositionTimestamp: timestamp } = mapping;
  if (startingPosition === 'AT_TIMESTAMP' && timestamp === undefined)
    yield problem('startingPositionTimestamp', 'is missing; startingPosition AT_TIMESTAMP needs it');
  if ((startingPosition === 'LATEST' || startingPosition === 'TRIM_HORIZON') && timestamp !== undefined)
    yield problem('startingPositionTimestamp', 'can only be set with startingPosition AT_TIMESTAMP');
  if (mapping['verifyDelivery'] !== true) return;
  const { filters, enabled } = mapping;
  if (Array.isArray(filters) && filters.length > 4)
    yield problem(
      'verifyDelivery',
      'cannot be set with 5 filters, as it needs one for its probes: leave one of them out',
    );
  if (enabled === false)
    yield problem(
      'verifyDelivery',
      'cannot be set with enabled false, because nothing is delivered: leave one of them out',
    );
  if (typeof mapping['function'] === 'string' && declared.existing.includes(mapping['function']))
    yield problem(
      'verifyDelivery',
      `needs a function with an entry, because the build adds the code that acknowledges probes, but ${show(mapping['function'])} is declared as existing: leave it out`,
    );
}

/** A mapping is identified by its stream and function, so each pair can have only one. */
function duplicates(mappings: [number | string, Fields][]): Problem[] {
  const pairs = mappings.map(([, { stream, function: fn }]) => JSON.stringify([stream, fn]));
  return mappings.flatMap(([index, { stream, function: fn }], position) => {
    const first = pairs.indexOf(pairs[position] ?? '');
    if (first === position || !stream || !fn) return [];
    const says = `maps ${show(stream)} to ${show(fn)}, as [${first}] does: leave one of them out`;
    return { path: ['eventSourceMappings', index], says };
  });
}

function* undeclared(name: unknown, known: string[], kind: string, path: string[]): Iterable<Problem> {
  if (typeof name === 'string' && !known.includes(name))
    yield { path, says: `is ${show(name)}, which is not declared in ${kind}${suggest(name, known, 'declared:')}` };
}

function problem(key: string, says: string): Problem {
  return { path: [key], says };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value && !Array.isArray(value) ? (value as Fields) : {};
}

function entriesOf(value: unknown): [string | number, Fields][] {
  if (Array.isArray(value)) return value.map((item, index) => [index, fieldsOf(item)]);
  return Object.entries(fieldsOf(value)).map(([key, item]) => [key, fieldsOf(item)]);
}
