import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { suggest, withFullStop } from '../../runtime/definition/messages.ts';
import { clientConfig, S3_CONFIG } from '../../runtime/engine/client-config.ts';
import { ExpectedError } from '../../runtime/errors.ts';

export interface Place {
  endpoint: string;
  region: string;
  account: string;
}

/** A bucket or a function of an engine. */
export interface Source {
  kind: 'bucket' | 'function';
  name: string;
}

const REQUEST_TIMEOUT_MS = 10_000;

/** Clients of one place for what is only read here; the caller closes them. */
export function readers(place: Place) {
  const config = clientConfig(place, REQUEST_TIMEOUT_MS);
  const clients = {
    logs: new CloudWatchLogsClient(config),
    lambda: new LambdaClient(config),
    s3: new S3Client({ ...config, ...S3_CONFIG }),
  };
  const close = () => {
    for (const client of Object.values(clients)) client.destroy();
  };
  return { ...clients, close };
}

export type Readers = ReturnType<typeof readers>;

/** What these names are; one that is a bucket and a function is both. Throws where one is neither. */
export async function findSources(names: readonly string[], { s3, lambda }: Readers, at: string): Promise<Source[]> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const buckets = Buckets.flatMap(({ Name }) => Name ?? []);
  const functions: string[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {}))
    functions.push(...Functions.flatMap(({ FunctionName }) => FunctionName ?? []));
  return names.flatMap((name): Source[] => {
    const found: Source[] = [];
    if (buckets.includes(name)) found.push({ kind: 'bucket', name });
    if (functions.includes(name)) found.push({ kind: 'function', name });
    if (found.length > 0) return found;
    throw new ExpectedError(
      withFullStop(
        `There is no bucket and no function ${name} at ${at}${suggest(name, [...new Set([...buckets, ...functions])], 'there are') || ', nor any other: bring the pipeline up first'}`,
      ),
    );
  });
}
