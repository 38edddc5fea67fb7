import { FAULTS, type Fault } from './faults.ts';

/**
 * What must come of each fault at each operation, decided before it was run. `ready`: the pipeline is up, and looking
 * again finds nothing to do. A pattern: the run ends within its limits in one sentence that holds it. `-`: cannot happen there.
 */
export interface Cell {
  operation: string;
  fault: Fault;
  once: 'ready' | '-';
  forEver: 'ready' | '-' | RegExp;
}

/** Operations of a first run, and what their sentence must name. */
const READS = {
  HeadBucket: 'Bucket',
  GetBucketTagging: 'Bucket',
  ListStreams: 'Stream',
  DescribeStreamSummary: 'Stream',
  ListTagsForStream: 'Stream',
  GetFunction: 'Function',
  ListEventSourceMappings: 'Event source mapping',
  ListShards: 'Event source mapping',
  GetShardIterator: 'Event source mapping',
  GetRecords: 'Event source mapping',
  GetEventSourceMapping: 'Event source mapping',
};
const WRITES = {
  CreateBucket: 'Bucket',
  CreateStream: 'Stream',
  CreateFunction: 'Function',
  CreateEventSourceMapping: 'Event source mapping',
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
  'malformed body': 'SyntaxError|not JSON|the answer has no',
  'empty body': 'the answer has no',
  'answered, not carried out': 'which had no effect',
};

/** Faults that leave a write done, so that looking again finds it. */
const CARRIED_OUT: readonly Fault[] = ['answers after 2 s', 'reset while answering', 'malformed body', 'empty body'];

export const CELLS: readonly Cell[] = [
  ...PROBES.flatMap((operation) => FAULTS.map((fault) => probe(operation, fault))),
  ...Object.entries(READS).flatMap(([operation, kind]) => FAULTS.map((fault) => read(operation, kind, fault))),
  ...Object.entries(WRITES).flatMap(([operation, kind]) => FAULTS.map((fault) => write(operation, kind, fault))),
];

/** Another way to tell the engine is there (health), and its runtimes are good to know and no more. */
function probe(operation: string, fault: Fault): Cell {
  if (fault === 'answered, not carried out') return { operation, fault, once: '-', forEver: '-' };
  const gone = ['connection refused', 'reset while answering', 'never answers'].includes(fault);
  return {
    operation,
    fault,
    once: 'ready',
    forEver: gone ? /^Nothing answers at http.*: is LocalStack running\?/ : 'ready',
  };
}

function read(operation: string, kind: string, fault: Fault): Cell {
  if (fault === 'answered, not carried out') return { operation, fault, once: '-', forEver: '-' };
  if (fault === 'answers after 2 s') return { operation, fault, once: 'ready', forEver: 'ready' };
  // An answer to HEAD has no body: nothing of it can be lost, and an error has no name but its status.
  const bodiless = operation === 'HeadBucket' && /body|reset/.test(fault);
  // S3 answers "no tags" with an error; an answer without a body is read as none, and none are declared.
  const harmless = operation === 'GetBucketTagging' && /body/.test(fault);
  if (bodiless || harmless) return { operation, fault, once: 'ready', forEver: 'ready' };
  if (operation === 'HeadBucket' && fault === 'limit exceeded') return { operation, fault, once: '-', forEver: '-' };
  return { operation, fault, once: 'ready', forEver: sentence(operation, kind, fault) };
}

function write(operation: string, kind: string, fault: Fault): Cell {
  const forEver = CARRIED_OUT.includes(fault) ? 'ready' : sentence(operation, kind, fault);
  return { operation, fault, once: 'ready', forEver };
}

function sentence(operation: string, kind: string, fault: Fault): RegExp {
  // After a connection is refused nothing can be looked at: the sentence names what the step would have asked next.
  const named = fault === 'connection refused' ? String.raw`(tried|sent) \w+` : `(tried|sent) ${operation}`;
  return new RegExp(
    `^${kind} \\S+.* was not ready in time: ${named}.*\\(limit \\d+ ms\\).*(${SEEN[fault] || '.'}).*\\. \\w+`,
  );
}
