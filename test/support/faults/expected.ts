import { FAULTS, type Fault } from './faults.ts';

/** What is under way: a first run, one that finds the stream made, one that changes what is there, one that seeds it, or the removal of all. */
export const RUNS = ['create', 'adopt', 'update', 'seed', 'destroy'] as const;
export type RunKind = (typeof RUNS)[number];

/**
 * What must come of each fault at each operation, decided before it was run. `ready`: the run has done all, and looking
 * again finds nothing to do. A pattern: the run ends within its limits in one sentence that holds it. `-`: cannot happen there.
 */
export interface Cell {
  run: RunKind;
  operation: string;
  fault: Fault;
  once: 'ready' | '-';
  forEver: 'ready' | '-' | RegExp;
}

/** Operations of a first run, and what their sentence must name. */
const READS = {
  GetBucketTagging: 'Bucket',
  ListStreams: 'Stream',
  DescribeStreamSummary: 'Stream',
  GetFunction: 'Function',
  ListEventSourceMappings: 'Event source mapping',
  GetEventSourceMapping: 'Event source mapping',
};
/** What a stream that this run has made itself is not asked for. */
const READS_OF_A_STREAM = {
  ListTagsForStream: 'Stream',
  ListShards: 'Event source mapping',
  GetShardIterator: 'Event source mapping',
  GetRecords: 'Event source mapping',
};
/** What a mapping that this run has made itself is not asked for. */
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
/** What these have put, no look can tell: without an answer they are sent again. */
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
  'never answers': 'TimeoutError|did not|no answer',
  'answers after 2 s': '',
  'HTTP 500': 'HTTP 500',
  'HTTP 503': 'HTTP 503',
  throttling: 'ThrottlingException|TooManyRequests|SlowDown|HTTP 503',
  'limit exceeded': 'LimitExceededException|HTTP 400',
  'malformed body': 'SyntaxError|XML parse error|the answer has no|was answered, and yet nothing changed',
  'empty body': 'the answer has no|was answered, and yet nothing changed',
  'answered, not carried out': 'was answered, and yet nothing changed',
};

/** Faults that leave a write done, so that looking again finds it. */
const CARRIED_OUT: readonly Fault[] = ['answers after 2 s', 'reset while answering', 'malformed body', 'empty body'];

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

/** Another way to tell the engine is there (health), and its runtimes are good to know and no more. */
function probe(operation: string, fault: Fault): Cell {
  if (fault === 'answered, not carried out') return { run: 'create', operation, fault, once: '-', forEver: '-' };
  const gone = ['connection refused', 'reset while answering', 'never answers'].includes(fault);
  return {
    run: 'create',
    operation,
    fault,
    once: 'ready',
    forEver: gone ? /^Nothing answers at http.*: is LocalStack running\?/ : 'ready',
  };
}

function read(run: RunKind, operation: string, kind: string, fault: Fault): Cell {
  if (fault === 'answered, not carried out') return { run, operation, fault, once: '-', forEver: '-' };
  const forEver = fault === 'answers after 2 s' ? 'ready' : sentence(operation, kind, fault);
  return { run, operation, fault, once: 'ready', forEver };
}

function write(run: RunKind, operation: string, kind: string, fault: Fault, harmless: readonly Fault[]): Cell {
  const forEver = harmless.includes(fault) ? 'ready' : sentence(operation, kind, fault);
  return { run, operation, fault, once: 'ready', forEver };
}

function sentence(operation: string, kind: string, fault: Fault): RegExp {
  // After a connection is refused nothing can be looked at: each step that is under way names what it would have asked next.
  const refused = fault === 'connection refused';
  const who = refused ? '(Bucket|Stream|Function|Event source mapping|Seed of (stream|bucket))' : kind;
  const named = refused ? String.raw`(tried|sent) \w+` : `(tried|sent) ${operation}`;
  return new RegExp(
    `^${who} \\S+.* was not (ready|removed) in time: ${named}.*\\(limit \\d+ ms\\).*(${SEEN[fault] || '.'}).*\\. \\w+`,
  );
}
