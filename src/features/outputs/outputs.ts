import type { Pipeline } from '../../runtime/definition/pipeline.ts';
import type { Aws } from '../../runtime/engine/connect.ts';
import { ExpectedError } from '../../runtime/errors.ts';
import { streamArn } from '../../runtime/resources/kind.ts';
import { listMappings } from '../../runtime/resources/mapping/list.ts';

/** Everything a program needs to use a pipeline: the endpoint, and the names, ARNs and UUIDs of its resources. */
export interface Outputs {
  /** The engine's address, as seen by the caller. */
  endpoint: string;
  region: string;
  account: string;
  buckets: Record<string, { arn: string }>;
  streams: Record<string, { arn: string }>;
  functions: Record<string, { arn: string }>;
  eventSourceMappings: { stream: string; function: string; uuid: string }[];
}

/** Reads the outputs of a pipeline. Throws ExpectedError if a mapping does not exist. */
export async function readOutputs(pipeline: Pipeline, aws: Aws): Promise<Outputs> {
  const { endpoint, region, account } = aws;
  const arns = (names: object, arn: (name: string) => string) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, { arn: arn(name) }]));
  const mappings = pipeline.eventSourceMappings.map(async (ref) => {
    const uuid = (await listMappings(ref, aws))[0]?.UUID;
    if (!uuid)
      throw new ExpectedError(
        `Event source mapping ${ref.stream} → ${ref.function} does not exist, so the pipeline is not ready. Run npx ready-hooks apply or applyPipeline first.`,
      );
    return { stream: ref.stream, function: ref.function, uuid };
  });
  return {
    endpoint,
    region,
    account,
    buckets: arns(pipeline.buckets, (name) => `arn:aws:s3:::${name}`),
    streams: arns(pipeline.streams, (name) => streamArn(name, { region, account })),
    functions: arns(pipeline.functions, (name) => `arn:aws:lambda:${region}:${account}:function:${name}`),
    eventSourceMappings: await Promise.all(mappings),
  };
}
