import { fieldsOf } from './document.ts';
import type { Draft } from './draft.ts';
import { defined, type Properties } from './properties.ts';

/** An AWS::Kinesis::Stream. */
export function addStream(name: string, properties: Properties, draft: Draft): void {
  properties.text('Name');
  const streamMode = fieldsOf(properties.any('StreamModeDetails'))['StreamMode'];
  draft.streams[name] = defined({
    streamMode,
    shardCount: properties.number('ShardCount'),
    retentionPeriodHours: properties.number('RetentionPeriodHours'),
    tags: properties.tags(draft.notes),
  });
}
