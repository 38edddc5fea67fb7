import type { Context } from './context.ts';
import { ALARM_TOPIC } from './ids.ts';
import { type Resource, type Resources, ref, when } from './intrinsics.ts';

export const HAS_ALARM_TOPIC = 'HasAlarmTopic';

/** Records that wait this long, for this many minutes on end, are a pipeline that does not keep up. */
const MOST_AGE_MS = 60_000;
const MINUTES = 5;

/** Alarms of a function; that on the age of records only where a stream is mapped to it. */
export function alarmResources(name: string, { pipeline, ids }: Context): Resources {
  const id = ids.function(name);
  const reads = pipeline.eventSourceMappings.some((mapping) => mapping.function === name);
  return {
    ...(reads && {
      [`${id}IteratorAgeAlarm`]: alarm(id, {
        AlarmDescription: `Records wait more than ${MOST_AGE_MS / 1000} s before ${name} has handled them`,
        MetricName: 'IteratorAge',
        Statistic: 'Maximum',
        EvaluationPeriods: MINUTES,
        Threshold: MOST_AGE_MS,
      }),
    }),
    [`${id}ErrorsAlarm`]: alarm(id, {
      AlarmDescription: `Calls of ${name} fail`,
      MetricName: 'Errors',
      Statistic: 'Sum',
      EvaluationPeriods: 1,
      Threshold: 0,
    }),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
function alarm(functionId: string, properties: Resource['Properties']): Resource {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      ...properties,
      Namespace: 'AWS/Lambda',
      Dimensions: [{ Name: 'FunctionName', Value: ref(functionId) }],
      Period: 60,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [when(HAS_ALARM_TOPIC, ref(ALARM_TOPIC), ref('AWS::NoValue'))],
    },
  };
}
