import type { Pipeline } from '../../runtime/definition/pipeline.ts';

export type Ids = ReturnType<typeof logicalIds>;

/** Assigns logical ids to a pipeline's resources. Each is unique, also among the parameters. */
export function logicalIds(pipeline: Pipeline) {
  const taken = new Set<string>(OWN_PARAMETERS);
  const unique = (wanted: string) => {
    let id = wanted;
    for (let copy = 2; taken.has(id); copy++) id = `${wanted}${copy}`;
    taken.add(id);
    return id;
  };
  const of = (named: object, kind: string) => {
    const ids = new Map(Object.keys(named).map((name) => [name, unique(withKind(words(name), kind))]));
    return (name: string) => ids.get(name) ?? name;
  };
  const bucket = of(pipeline.buckets, 'Bucket');
  const stream = of(pipeline.streams, 'Stream');
  const functionId = of(pipeline.functions, 'Function');
  // A function's role, log group and alarms are named after it.
  for (const name of Object.keys(pipeline.functions))
    for (const part of FUNCTION_PARTS) taken.add(functionId(name) + part);
  const mappings = pipeline.eventSourceMappings.map(({ stream, function: fn }) =>
    unique(`${words(stream)}To${words(fn)}`),
  );
  return {
    bucket,
    stream,
    function: functionId,
    mapping: (index: number) => mappings[index] ?? '',
    /** An id for something else, such as a parameter. */
    other: unique,
  };
}

/** The parameter appended to each bucket name, which must be unique across all AWS accounts. */
export const BUCKET_SUFFIX = 'BucketSuffix';
/** The parameter with the topic that alarms notify; empty for none. */
export const ALARM_TOPIC = 'AlarmTopicArn';
const OWN_PARAMETERS = [BUCKET_SUFFIX, ALARM_TOPIC];

const FUNCTION_PARTS = ['Role', 'Logs', 'IteratorAgeAlarm', 'ErrorsAlarm'] as const;

/** `hallow-event-stream` as `HallowEventStream`: logical ids may contain only letters and digits. */
export function words(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

const withKind = (id: string, kind: string) => (id.endsWith(kind) ? id : id + kind);
