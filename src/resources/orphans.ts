import type { Output } from '../aws/operations.ts';
import { type Decision, given, isNamed, type Reader, streamArn } from './kind.ts';
import { shareAnswers } from './shared.ts';

type Listed = NonNullable<Output<'ListEventSourceMappings'>['EventSourceMappings']>;

/**
 * Mappings of these functions that are Enabled on a stream that is not there. Their pollers hold iterators of the stream
 * that was; once it is made anew they say Enabled for ever and deliver nothing (tried on LocalStack 4.14.0).
 */
export async function orphanedMappings(name: string, functions: readonly string[], reader: Reader): Promise<string[]> {
  const { call, options, world, shared = shareAnswers() } = reader;
  if (functions.length === 0 || !world.engine.quirks.pollerDiesWithStream) return [];
  const stream = streamArn(name, world);
  const { answer, fresh } = shared('ListEventSourceMappings', () => listed({}));
  const mappings = fresh ? await answer : await listed({ EventSourceArn: stream });
  const own = mappings.flatMap(({ UUID, EventSourceArn, FunctionArn }) =>
    UUID && EventSourceArn === stream && functions.includes(FunctionArn?.split(':')[6] ?? '') ? [UUID] : [],
  );
  const enabled = await Promise.all(own.map((UUID) => isEnabled(UUID, reader)));
  return own.filter((_, index) => enabled[index]);

  async function listed(of: { EventSourceArn?: string }) {
    const mappings: Listed = [];
    let Marker: string | undefined;
    do {
      const page = await call('ListEventSourceMappings', { ...of, ...(Marker && { Marker }) }, options);
      mappings.push(...given(page.EventSourceMappings, 'ListEventSourceMappings', 'EventSourceMappings'));
      Marker = page.NextMarker;
    } while (Marker);
    return mappings;
  }
}

/** A disabled one gets a new poller when it is enabled; and deleting it would never end on LocalStack. */
async function isEnabled(UUID: string, { call, options }: Reader): Promise<boolean> {
  try {
    return (await call('GetEventSourceMapping', { UUID }, options)).State === 'Enabled';
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return false;
    throw error;
  }
}

/** Removes an orphan before its stream is made anew, so that a run that is stopped in between leaves none behind. */
export function removeOrphan(UUID: string): Decision {
  return {
    do: 'send',
    effect: 'update',
    why: `mapping ${UUID} read an earlier stream of this name and would not read the new one; it is made anew`,
    request: { operation: 'DeleteEventSourceMapping', input: { UUID } },
  };
}
