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

/** A bucket or function in an engine. */
export interface Source {
  kind: 'bucket' | 'function';
  name: string;
}

const REQUEST_TIMEOUT_MS = 10_000;

/** Clients for one place that only read; the caller closes them. */
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

/** Finds the bucket, the function or both with each name. Throws if a name is neither. */
export async function findSources(
  names: readonly string[],
  { s3, lambda }: Readers,
  { endpoint, region }: Pick<Place, 'endpoint' | 'region'>,
): Promise<Source[]> {
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
        `No bucket or function '${name}' found in ${region} at ${endpoint}${suggest(name, [...new Set([...buckets, ...functions])], 'it has') || ', which has none at all. Try --region, or apply the pipeline first'}`,
      ),
    );
  });
}
