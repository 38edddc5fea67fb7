import type { Aws } from '../../engine/connect.ts';
import { given, pages, type Reader, streamArn } from '../kind.ts';
import type { SeenAnswer } from './settings.ts';
import type { MappingRef } from './update.ts';

/**
 * The mappings of a stream and a function. LocalStack lists every mapping whose function ARN contains the name:
 * for `writer`, also those of `writer-v2`.
 */
export async function listMappings(
  { stream, function: FunctionName }: MappingRef,
  { call, region, account }: Pick<Aws, 'call' | 'region' | 'account'>,
  options?: Reader['options'],
): Promise<SeenAnswer[]> {
  const EventSourceArn = streamArn(stream, { region, account });
  const found = await pages<SeenAnswer>(async (Marker) => {
    const input = { EventSourceArn, FunctionName, ...(Marker && { Marker }) };
    const page = await call('ListEventSourceMappings', input, options);
    const items = given(page.EventSourceMappings, 'ListEventSourceMappings', 'EventSourceMappings');
    return { items, next: page.NextMarker };
  });
  return found.filter(({ FunctionArn }) => {
    const arn = given(FunctionArn, 'ListEventSourceMappings', 'FunctionArn');
    // A version or an alias may follow the name.
    return arn.split(':')[6] === FunctionName;
  });
}
