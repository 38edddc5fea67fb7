import type { Aws } from '../../engine/connect.ts';
import { type Found, given, noTags, OWN_TAGS, PIPELINE, pages, readEach, streamArn } from '../kind.ts';
import { readMappingTags } from './earlier-stream.ts';
import type { SeenAnswer } from './settings.ts';
import type { MappingRef } from './update.ts';

/** A Kinesis mapping on the engine. */
export interface FoundMapping extends Found<MappingRef> {
  uuid: string;
  /** Whether it is being deleted; LocalStack then no longer has its tags. */
  isGoing: boolean;
  /** Whether its poller may read. */
  isReading: boolean;
  /** Whether ready-hooks made it; undefined if the engine does not keep its tags. */
  isOurs?: boolean | undefined;
}

/** All Kinesis mappings of streams in this region and account. */
export async function findMappings(aws: Aws, skips: (ref: MappingRef) => boolean): Promise<FoundMapping[]> {
  const all = await pages<SeenAnswer>(async (Marker) => {
    const page = await aws.call('ListEventSourceMappings', Marker ? { Marker } : {});
    const items = given(page.EventSourceMappings, 'ListEventSourceMappings', 'EventSourceMappings');
    return { items, next: page.NextMarker };
  });
  return readEach(all, async (mapping) => {
    const ref = refOf(mapping, aws);
    // One without an ARN shows that the engine keeps no tags of mappings, and costs no request.
    return ref && !(skips(ref) && mapping.EventSourceMappingArn) ? [await read(ref, mapping, aws)] : [];
  }).then((found) => found.flat());
}

async function read(ref: MappingRef, { UUID: uuid = '', State, EventSourceMappingArn: arn }: SeenAnswer, aws: Aws) {
  const isGoing = State === 'Deleting';
  const tags = isGoing ? {} : await readMappingTags(arn, { call: aws.call, options: {} }).catch(noTags);
  return {
    ref,
    uuid,
    isGoing,
    isReading: !isGoing && State !== 'Disabled',
    owner: tags?.[PIPELINE],
    isOurs: tags && Object.keys(tags).some((key) => key.startsWith(OWN_TAGS)),
  };
}

function refOf({ EventSourceArn = '', FunctionArn = '' }: SeenAnswer, aws: Aws): MappingRef | undefined {
  const stream = EventSourceArn.split('/')[1] ?? '';
  return EventSourceArn === streamArn(stream, aws) ? { stream, function: FunctionArn.split(':')[6] ?? '' } : undefined;
}
