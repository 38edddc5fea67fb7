import { FAULTS, type Fault } from './faults.ts';

/** A first run, a first run with an existing stream, an update, a run that adds seeds, or the removal of everything. */
export const RUNS = ['create', 'adopt', 'update', 'seed', 'destroy'] as const;
export type RunKind = (typeof RUNS)[number];

/**
 * The required outcome of each fault at each operation, decided before it was run. `ready`: the run succeeds, and a plan then
 * finds nothing to do. A pattern: the run fails within its limits, with one matching sentence. `-`: cannot happen there.
 */
export interface Cell {
  run: RunKind;
  operation: string;
  fault: Fault;
  once: 'ready' | '-';
  always: 'ready' | '-' | RegExp;
}

/** Operations of a first run, and the kind of resource that their error must name. */
const READS = {
  GetBucketTagging: 'Bucket',
  ListStreams: 'Stream',
  DescribeStreamSummary: 'Stream',
  GetFunction: 'Function',
  ListEventSourceMappings: 'Event source mapping',
  GetEventSourceMapping: 'Event source mapping',
};
/** Reads that a run skips for a stream it has created itself. */
const READS_OF_A_STREAM = {
  ListTagsForStream: 'Stream',
  ListShards: 'Event source mapping',
  GetShardIterator: 'Event source mapping',
  GetRecords: 'Event source mapping',
};
/** Reads that a run skips for a mapping it has created itself. */
const READS_OF_A_MAPPING = { ListTags: 'Event source mapping' };
const WRITES = {
  CreateBucket: 'Bucket',
  CreateStream: 'Stream',
  CreateFunction: 'Function',
  CreateEventSourceMapping: 'Event source mapping',
};
const UPDATES = {
  PutBucketTagging: 'Bucket',
  AddTagsToStream: 'Stream',
  IncreaseStreamRetentionPeriod: 'Stream',
  UpdateFunctionCode: 'Function',
  UpdateFunctionConfiguration: 'Function',
  TagResource: 'Function',
  UpdateEventSourceMapping: 'Event source mapping',
};
/** Reading cannot show whether these took effect: without an answer they are sent again. */
const SEEDS = { PutRecords: 'Seed of stream', PutObject: 'Seed of bucket' };
const MARKS = { AddTagsToStream: 'Seed of stream', PutBucketTagging: 'Seed of bucket' };
const REMOVALS = {
  DeleteEventSourceMapping: 'Event source mapping',
  DeleteFunction: 'Function',
  DeleteStream: 'Stream',
  DeleteObjects: 'Bucket',
  DeleteBucket: 'Bucket',
};
const PROBES = ['GET /_localstack/info', 'GET /_aws/lambda/runtimes'];

const SEEN: Record<Fault, string> = {
  'connection refused': 'ECONN|socket hang up',
  'reset while answering': 'ECONNRESET|aborted|socket hang up',
  'never answers': 'TimeoutError|did not|no response',
  'answers after 2 s': '',
  'HTTP 500': 'HTTP 500',
  'HTTP 503': 'HTTP 503',
  throttling: 'ThrottlingException|TooManyRequests|SlowDown|HTTP 503',
  'limit exceeded': 'LimitExceededException|HTTP 400',
  'malformed body': 'SyntaxError|XML parse error|empty response|the response has no|was accepted, but nothing changed',
  'empty body': 'empty response|the response has no|was accepted, but nothing changed',
  'answered, not carried out': 'was accepted, but nothing changed',
};

/** Faults after which the write has taken effect, so that the next read shows it. */
const CARRIED_OUT: readonly Fault[] = ['answers after 2 s', 'reset while answering', 'malformed body', 'empty body'];

const NOTHING_ANSWERS = /^Nothing answers at http.*: is LocalStack running\?/;

export const CELLS: readonly Cell[] = [
  ...PROBES.flatMap((operation) => FAULTS.map((fault) => probe(operation, fault))),
  ...reads('create', READS),
  ...reads('adopt', READS_OF_A_STREAM),
  ...reads('update', READS_OF_A_MAPPING),
  ...writes('create', WRITES),
  ...writes('update', UPDATES),
  ...writes('seed', MARKS),
  ...writes('seed', SEEDS, ['answers after 2 s']),
  ...writes('destroy', REMOVALS),
];

function reads(run: RunKind, operations: Record<string, string>): Cell[] {
  return Object.entries(operations).flatMap(([operation, kind]) =>
    FAULTS.map((fault) => read(run, operation, kind, fault)),
  );
}

function writes(run: RunKind, operations: Record<string, string>, harmless = CARRIED_OUT): Cell[] {
  return Object.entries(operations).flatMap(([operation, kind]) =>
    FAULTS.map((fault) => write(run, operation, kind, fault, harmless)),
  );
}

/** The health check only confirms that the engine answers, and the list of runtimes is optional. */
function probe(operation: string, fault: Fault): Cell {
  if (fault === 'answered, not carried out') return { run: 'create', operation, fault, once: '-', always: '-' };
  const gone = ['connection refused', 'reset while answering', 'never answers'].includes(fault);
  return {
    run: 'create',
    operation,
    fault,
    once: 'ready',
    always: gone ? NOTHING_ANSWERS : 'ready',
  };
}

function read(run: RunKind, operation: string, kind: string, fault: Fault): Cell {
  if (fault === 'answered, not carried out') return { run, operation, fault, once: '-', always: '-' };
  const always = fault === 'answers after 2 s' ? 'ready' : sentence(operation, kind, fault);
  // The list of streams is under way while the engine is being detected, which a refused connection also stops.
  if (operation === 'ListStreams' && fault === 'connection refused' && always !== 'ready')
    return { run, operation, fault, once: 'ready', always: new RegExp(`${NOTHING_ANSWERS.source}|${always.source}`) };
  return { run, operation, fault, once: 'ready', always };
}

function write(run: RunKind, operation: string, kind: string, fault: Fault, harmless: readonly Fault[]): Cell {
  const always = harmless.includes(fault) ? 'ready' : sentence(operation, kind, fault);
  return { run, operation, fault, once: 'ready', always };
}

function sentence(operation: string, kind: string, fault: Fault): RegExp {
  // While connections are refused, nothing can be read: each step in progress names its next request.
  const refused = fault === 'connection refused';
  const who = refused ? '(Bucket|Stream|Function|Event source mapping|Seed of (stream|bucket))' : kind;
  const named = refused ? String.raw`(tried|sent) \w+` : `(tried|sent) ${operation}`;
  return new RegExp(
    `^${who} \\S+.* was not (ready|deleted) in time: ${named}.*\\(limit [\\d.]+ s\\).*(${SEEN[fault] || '.'}).*\\. \\w+`,
  );
}
