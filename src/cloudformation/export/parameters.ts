import type { Pipeline } from '../../runtime/definition/pipeline.ts';
import { failureBucketsOf } from './context.ts';
import { ALARM_TOPIC, BUCKET_SUFFIX, type Ids } from './ids.ts';
import type { Value } from './intrinsics.ts';
import type { Variable } from './texts.ts';

export interface Parameter {
  Type: 'String';
  Description: string;
  Default?: string;
  NoEcho?: true;
  AllowedPattern?: string;
  MaxLength?: number;
}

/** The longest bucket name. */
const MOST_CHARACTERS = 63;

export function parametersOf(pipeline: Pipeline, variables: readonly Variable[], ids: Ids): Record<string, Parameter> {
  const buckets = namesOf(pipeline.buckets);
  return {
    ...Object.fromEntries(variables.map((variable) => [variable.id, parameterOf(variable)])),
    ...Object.fromEntries(usedExistingBuckets(pipeline).map((name) => [ids.bucket(name), existingBucket(name)])),
    ...(buckets.length > 0 && {
      [BUCKET_SUFFIX]: {
        Type: 'String' as const,
        Description: 'Appended to each bucket name, which must be unique across all AWS accounts',
        Default: '',
        AllowedPattern: '[a-z0-9.-]*',
        MaxLength: roomForSuffix(pipeline),
      },
    }),
    ...(namesOf(pipeline.functions).length > 0 && {
      [ALARM_TOPIC]: {
        Type: 'String' as const,
        Description: 'ARN of the SNS topic to notify when an alarm goes off; leave empty for none',
        Default: '',
      },
    }),
  };
}

/** How many characters can be appended to the name of every bucket that the pipeline creates. */
export function roomForSuffix({ buckets }: Pipeline): number {
  return MOST_CHARACTERS - Math.max(0, ...namesOf(buckets).map((name) => name.length));
}

/** The length of a hyphen and an account id, which the printed command appends to the names. */
export const ACCOUNT_SUFFIX = 13;

/** Names of the resources that the pipeline creates, or of the `existing` ones. */
export function namesOf(named: Record<string, { existing?: boolean }>, existing = false): string[] {
  return Object.keys(named).filter((name) => (named[name]?.existing ?? false) === existing);
}

/** Labels each parameter with its environment variable, for the console and for `npx ready-hooks import`. */
export function parameterLabels(variables: readonly Variable[]): Value {
  return { ParameterLabels: Object.fromEntries(variables.map(({ id, name }) => [id, { default: name }])) };
}

/** Only buckets that the template refers to: linters report unused parameters. */
function usedExistingBuckets({ buckets, functions, eventSourceMappings }: Pipeline): string[] {
  const used = [
    ...Object.values(functions).flatMap((fn) => (fn.existing ? [] : Object.values(fn.buckets))),
    ...failureBucketsOf(eventSourceMappings),
  ];
  return Object.keys(buckets).filter((name) => buckets[name]?.existing && used.includes(name));
}

const existingBucket = (name: string): Parameter => ({
  Type: 'String',
  Description: `Name of the existing bucket ${name}`,
  Default: name,
});

function parameterOf({ name, secret, default: fallback }: Variable): Parameter {
  return {
    Type: 'String',
    Description: `The value that the environment variable ${name} has in LocalStack`,
    ...(secret && { NoEcho: true }),
    ...(fallback !== undefined && { Default: fallback }),
  };
}
