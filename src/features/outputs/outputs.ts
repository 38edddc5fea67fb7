import type { Pipeline } from '../../runtime/definition/pipeline.ts';
import type { Aws } from '../../runtime/engine/connect.ts';
import { ExpectedError } from '../../runtime/errors.ts';
import { streamArn } from '../../runtime/resources/kind.ts';
import { listMappings } from '../../runtime/resources/mapping/list.ts';

/** What a program needs to use a pipeline: where it is and what its resources are called. */
export interface Outputs {
  /** The engine's address, as the caller reaches it. */
  endpoint: string;
  region: string;
  account: string;
  buckets: Record<string, { arn: string }>;
  streams: Record<string, { arn: string }>;
  functions: Record<string, { arn: string }>;
  eventSourceMappings: { stream: string; function: string; uuid: string }[];
}

/** The outputs of a pipeline that is up. Throws ExpectedError where a mapping does not exist. */
export async function readOutputs(pipeline: Pipeline, aws: Aws): Promise<Outputs> {
  const { endpoint, region, account } = aws;
  const arns = (names: object, arn: (name: string) => string) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, { arn: arn(name) }]));
  const mappings = pipeline.eventSourceMappings.map(async (ref) => {
    const uuid = (await listMappings(ref, aws))[0]?.UUID;
    if (!uuid)
      throw new ExpectedError(
        `Event source mapping ${ref.stream} → ${ref.function} is not there, expected one that is ready: bring the pipeline up first, with ready-hooks apply or applyPipeline.`,
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
