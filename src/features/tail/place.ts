import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { KinesisClient, paginateListStreams } from '@aws-sdk/client-kinesis';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { suggest, withFullStop } from '../../runtime/definition/messages.ts';
import { clientConfig, S3_CONFIG } from '../../runtime/engine/client-config.ts';
import { asSentence } from '../../runtime/engine/request-errors.ts';
import { ExpectedError } from '../../runtime/errors.ts';

export interface Place {
  endpoint: string;
  region: string;
  account: string;
}

const KINDS = ['bucket', 'function', 'stream'] as const;
type Kind = (typeof KINDS)[number];

/** A bucket, function or stream in an engine. */
export interface Source {
  kind: Kind;
  name: string;
}

/** A name as given on the command line: `orders`, or `stream:orders` if only the stream is meant. */
export interface Wanted {
  kind?: Kind;
  name: string;
}

export function parseName(text: string): Wanted {
  const [prefix = '', ...rest] = text.split(':');
  const kind = KINDS.find((each) => each === prefix);
  return kind && rest.length > 0 ? { kind, name: rest.join(':') } : { name: text };
}

const REQUEST_TIMEOUT_MS = 10_000;

/** Clients for one place that only read, until the signal; the caller closes them. */
export function readers(place: Place, signal: AbortSignal) {
  const config = clientConfig(place, REQUEST_TIMEOUT_MS);
  const clients = {
    kinesis: new KinesisClient(config),
    logs: new CloudWatchLogsClient(config),
    lambda: new LambdaClient(config),
    s3: new S3Client({ ...config, ...S3_CONFIG }),
  };
  const close = () => {
    for (const client of Object.values(clients)) client.destroy();
  };
  return { ...clients, /** For each request. */ abort: { abortSignal: signal }, close };
}

export type Readers = ReturnType<typeof readers>;

/** Finds what has each name: one source, or several that share it. Throws if there is none. */
export async function findSources(
  wanted: readonly Wanted[],
  open: Readers,
  { endpoint, region }: Pick<Place, 'endpoint' | 'region'>,
): Promise<Source[]> {
  const existing = await list(
    KINDS.filter((kind) => wanted.some((each) => (each.kind ?? kind) === kind)),
    open,
  ).catch(asSentence(endpoint));
  return wanted.flatMap(({ kind, name }) => {
    const candidates = existing.filter((each) => (kind ?? each.kind) === each.kind);
    const found = candidates.filter((each) => each.name === name);
    if (found.length > 0) return found;
    const names = [...new Set(candidates.map((each) => each.name))];
    throw new ExpectedError(
      withFullStop(
        `No ${kind ?? 'bucket, function or stream'} '${name}' found in ${region} at ${endpoint}${suggest(name, names, 'it has') || ', which has none at all. Try --region, or apply the pipeline first'}`,
      ),
    );
  });
}

async function list(kinds: readonly Kind[], open: Readers): Promise<Source[]> {
  const sources: Source[] = [];
  for (const kind of kinds) for (const name of await NAMES[kind](open)) sources.push({ kind, name });
  return sources;
}

const NAMES: Record<Kind, (open: Readers) => Promise<string[]>> = {
  async bucket({ s3, abort }) {
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}), abort);
    return Buckets.flatMap(({ Name }) => Name ?? []);
  },
  async function({ lambda, abort }) {
    const names: string[] = [];
    for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {}, abort))
      names.push(...Functions.flatMap(({ FunctionName }) => FunctionName ?? []));
    return names;
  },
  async stream({ kinesis, abort }) {
    const names: string[] = [];
    for await (const { StreamNames = [] } of paginateListStreams({ client: kinesis }, {}, abort))
      names.push(...StreamNames);
    return names;
  },
};
