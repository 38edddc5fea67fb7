import type { DeclaredMapping } from '../../runtime/definition/pipeline.ts';
import { mapTexts } from '../../runtime/definition/placeholder-syntax.ts';
import { literal } from '../literal.ts';
import { bucketArn, type Context, streamArn } from './context.ts';
import { type Resource, ref, type Value } from './intrinsics.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html */
export function mappingResource(mapping: DeclaredMapping, context: Context): Resource {
  const { pipeline, ids } = context;
  const { startingPositionTimestamp: since, filters, onFailure } = mapping;
  return {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: streamArn(mapping.stream, context),
      FunctionName: pipeline.functions[mapping.function]?.existing
        ? mapping.function
        : ref(ids.function(mapping.function)),
      StartingPosition: mapping.startingPosition,
      ...(since !== undefined && { StartingPositionTimestamp: Date.parse(since) / 1000 }),
      BatchSize: mapping.batchSize,
      MaximumBatchingWindowInSeconds: mapping.maximumBatchingWindowSeconds,
      MaximumRetryAttempts: mapping.maximumRetryAttempts,
      MaximumRecordAgeInSeconds: mapping.maximumRecordAgeSeconds,
      BisectBatchOnFunctionError: mapping.bisectBatchOnFunctionError,
      ParallelizationFactor: mapping.parallelizationFactor,
      TumblingWindowInSeconds: mapping.tumblingWindowSeconds,
      Enabled: mapping.enabled,
      ...(mapping.reportBatchItemFailures && { FunctionResponseTypes: ['ReportBatchItemFailures'] }),
      ...(filters.length > 0 && { FilterCriteria: { Filters: filters.map(filterOf) } }),
      ...(onFailure && { DestinationConfig: { OnFailure: { Destination: destination(onFailure, context) } } }),
    },
  };
}

function filterOf(pattern: Record<string, unknown>): Value {
  return { Pattern: JSON.stringify(mapTexts(pattern, literal)) };
}

function destination(onFailure: NonNullable<DeclaredMapping['onFailure']>, context: Context): Value {
  return 'bucket' in onFailure ? bucketArn(onFailure.bucket, context) : context.texts.value(onFailure.arn);
}
