import type { DeclaredMapping } from '../../definition/pipeline.ts';
import { type Decision, fail, NOTHING, takenOver, update, type World } from '../kind.ts';
import type { Held } from '../stream/held-records.ts';
import { withMarks } from './marks.ts';
import { changedSettings, configuration, type Settings, settingsOf } from './settings.ts';
import { withArrival } from './starting-position.ts';

export interface MappingRef {
  stream: string;
  function: string;
}

export interface SeenMapping {
  uuid: string;
  state: string;
  startingPosition: string;
  /** Lower bound of arrival, seconds since the epoch, if ready-hooks set one. */
  since?: number;
  /** When its stream was created, as of the mapping's creation by ready-hooks. Milliseconds since the epoch. */
  madeFor?: number;
  arn?: string;
  /** Read only if `madeFor` matters on this engine. */
  tags?: Record<string, string>;
  /** Milliseconds since the epoch; on LocalStack off by its time zone. */
  modifiedAt?: number;
  settings: Settings;
  /** Whether only a list of mappings still contains it, as Deleting. */
  lingers?: boolean;
}

/** The differences between a mapping's declared and current states. */
export function changes(declared: DeclaredMapping, seen: SeenMapping, { engine }: World): string[] {
  const changed: string[] = changedSettings(declared, seen.settings, engine);
  // A filter on arrival time stands for LATEST; TRIM_HORIZON drops it.
  if (declared.startingPosition === 'TRIM_HORIZON' && seen.since !== undefined && !changed.includes('filters'))
    changed.push('filters');
  if (declared.enabled !== (seen.state === 'Enabled')) changed.push('enabled');
  return changed;
}

/** Brings an existing mapping to its declared state. `title` names it in messages. */
export function updateOf(
  title: string,
  declared: DeclaredMapping,
  seen: SeenMapping,
  held: Held,
  world: World,
): Decision {
  if (!startsAsDeclared(declared, seen))
    return fail(
      `Event source mapping ${title} starts at ${seen.startingPosition}, but the definition says ${declared.startingPosition}, which needs a new mapping: delete this one with npx ready-hooks destroy (or aws lambda delete-event-source-mapping --uuid ${seen.uuid}) and apply again.`,
    );
  const changed = changes(declared, seen, world);
  if (changed.length === 0) return NOTHING;
  const keepsArrival = declared.startingPosition === 'LATEST' && seen.since !== undefined;
  const wanted = withMarks(declared.filters);
  const filters = keepsArrival ? withArrival(wanted, '>=', seen.since ?? 0) : wanted;
  const restarts = world.engine.quirks.updateRestartsPoller && declared.enabled && held !== 'none';
  const input = { UUID: seen.uuid, ...configuration(settingsOf(declared), filters, declared.enabled) };
  const details = restarts ? { warning: restartWarning(seen, keepsArrival) } : {};
  return update({ operation: 'UpdateEventSourceMapping', input }, changed.join(', '), details);
}

/** Tags a mapping that is as declared, if another pipeline made it. */
export function takeOver({ arn, tags = {} }: Partial<SeenMapping>, { owner }: World): Decision {
  const Tags = takenOver(tags, owner);
  if (!arn || Object.keys(Tags).length === 0) return NOTHING;
  return update({ operation: 'TagResource', input: { Resource: arn, Tags } }, `tags ${Object.keys(Tags).join(', ')}`);
}

/** LATEST may have been sent as TRIM_HORIZON; see starting-position.ts. */
function startsAsDeclared({ startingPosition }: DeclaredMapping, seen: SeenMapping): boolean {
  return (
    seen.startingPosition === startingPosition ||
    seen.startingPosition === '' ||
    (startingPosition === 'LATEST' && seen.startingPosition === 'TRIM_HORIZON')
  );
}

function restartWarning(seen: SeenMapping, keepsArrival: boolean): string {
  const restarts = `this engine restarts the mapping's poller at ${seen.startingPosition} on any update`;
  if (seen.startingPosition === 'LATEST')
    return `${restarts}: records put shortly before it or in the first seconds after it can be lost`;
  const since = keepsArrival ? ` that arrived since ${new Date((seen.since ?? 0) * 1000).toISOString()}` : '';
  return `${restarts}: the records still in the stream${since} are delivered again`;
}
