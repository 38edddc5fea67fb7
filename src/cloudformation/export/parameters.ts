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

/** Of a bucket's name. */
const MOST_CHARACTERS = 63;

export function parametersOf(pipeline: Pipeline, variables: readonly Variable[], ids: Ids): Record<string, Parameter> {
  const buckets = namesOf(pipeline.buckets);
  return {
    ...Object.fromEntries(variables.map((variable) => [variable.id, parameterOf(variable)])),
    ...Object.fromEntries(usedExistingBuckets(pipeline).map((name) => [ids.bucket(name), existingBucket(name)])),
    ...(buckets.length > 0 && {
      [BUCKET_SUFFIX]: {
        Type: 'String' as const,
        Description: 'Put at the end of the name of each bucket, which must be unique among all accounts of AWS',
        Default: '',
        AllowedPattern: '[a-z0-9.-]*',
        MaxLength: roomForSuffix(pipeline),
      },
    }),
    ...(namesOf(pipeline.functions).length > 0 && {
      [ALARM_TOPIC]: {
        Type: 'String' as const,
        Description: 'ARN of the SNS topic that is told when an alarm goes off; empty: nobody is told',
        Default: '',
      },
    }),
  };
}

/** How many characters can be put to the name of each bucket that the pipeline makes. */
export function roomForSuffix({ buckets }: Pipeline): number {
  return MOST_CHARACTERS - Math.max(0, ...namesOf(buckets).map((name) => name.length));
}

/** A hyphen and the account: what the printed command puts to the names. */
export const ACCOUNT_SUFFIX = 13;

/** Names of what the pipeline makes, or of what is `existing` as something else makes it. */
export function namesOf(named: Record<string, { existing?: boolean }>, existing = false): string[] {
  return Object.keys(named).filter((name) => (named[name]?.existing ?? false) === existing);
}

/** What names the environment variables for which parameters stand, for the console and for `ready-hooks import`. */
export function parameterLabels(variables: readonly Variable[]): Value {
  return { ParameterLabels: Object.fromEntries(variables.map(({ id, name }) => [id, { default: name }])) };
}

/** A parameter that nothing refers to is a mistake in a linter's eyes. */
function usedExistingBuckets({ buckets, functions, eventSourceMappings }: Pipeline): string[] {
  const used = [
    ...Object.values(functions).flatMap((fn) => (fn.existing ? [] : Object.values(fn.buckets))),
    ...failureBucketsOf(eventSourceMappings),
  ];
  return Object.keys(buckets).filter((name) => buckets[name]?.existing && used.includes(name));
}

const existingBucket = (name: string): Parameter => ({
  Type: 'String',
  Description: `The bucket ${name}, which something else makes`,
  Default: name,
});

function parameterOf({ name, secret, default: fallback }: Variable): Parameter {
  return {
    Type: 'String',
    Description: `What the environment variable ${name} gives in LocalStack`,
    ...(secret && { NoEcho: true }),
    ...(fallback !== undefined && { Default: fallback }),
  };
}
