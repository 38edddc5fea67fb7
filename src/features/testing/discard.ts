import type { DeclaredMapping } from '../../runtime/definition/pipeline.ts';
import type { CallOptions } from '../../runtime/engine/connect.ts';
import { engineName } from '../../runtime/engine/detect.ts';
import { ExpectedError, InvalidInputError } from '../../runtime/errors.ts';
import { listMappings } from '../../runtime/resources/mapping/list.ts';
import { withMarks } from '../../runtime/resources/mapping/marks.ts';
import { configuration, settingsOf } from '../../runtime/resources/mapping/settings.ts';
import { withArrival } from '../../runtime/resources/mapping/starting-position.ts';
import { heldRecords } from '../../runtime/resources/stream/held-records.ts';
import { Draining } from './drain.ts';
import { type DrainOptions, onlyAnswering, readersOf, type Target } from './target.ts';

/** How long after its time limit a function's call has surely ended, in milliseconds. */
const CALL_ENDS_MS = 500;

/**
 * Makes each mapping pass over the records that are left. Functions with an entry drop them up to a fence, so the next call of a
 * failing one succeeds. A mapping whose function does not, or takes longer than its time limit, starts again behind its records.
 */
export async function discard(target: Target, options: DrainOptions): Promise<void> {
  const { pipeline } = target;
  const answering = onlyAnswering(target);
  const speaking = readersOf(answering.pipeline);
  const others = readersOf(pipeline).filter((mapping) => !speaking.includes(mapping));
  if (others.length > 0 && !canMove(target)) throw cannotMove(target);
  const calls: CallOptions = { signal: options.signal };
  await Promise.all(others.map((mapping) => moveOn(mapping, target, calls)));
  if (speaking.length === 0) return;
  const slowMs = Math.max(...speaking.map(({ function: name }) => timeoutOf(target, name))) * 1_000 + CALL_ENDS_MS;
  await new Draining(answering, options, true).run(slowMs, async (fences) => {
    if (!canMove(target)) return;
    const late = speaking.filter((each) =>
      fences.pending.some(({ stream, function: name }) => stream === each.stream && name === each.function),
    );
    await Promise.all(late.map((mapping) => moveOn(mapping, target, calls)));
    await fences.again(calls);
  });
}

function timeoutOf({ pipeline }: Target, name: string): number {
  const declared = pipeline.functions[name];
  return declared && !declared.existing ? declared.timeoutSeconds : 0;
}

/** Whether an update makes a mapping start again, behind records that a filter names. */
function canMove({ aws }: Target): boolean {
  const { updateRestartsPoller = false, filtersArrivalTime = false } = aws.engine.quirks;
  return updateRestartsPoller && filtersArrivalTime;
}

function cannotMove({ name, aws }: Target): InvalidInputError {
  return new InvalidInputError(
    `The records of the pipeline ${name} cannot be discarded, as ${engineName(aws.engine)} cannot start a mapping again behind them: use reset without discard, or LocalStack.`,
  );
}

/** Starts a mapping again behind the records of its stream. */
async function moveOn(declared: DeclaredMapping, { aws }: Target, options: CallOptions): Promise<void> {
  const { call, region, account, engine } = aws;
  const world = { region, account, engine, now: Date.now() };
  const held = await heldRecords(declared.stream, { call, options, known: true, world });
  if (held === 'none') return;
  if (held === 'unknown')
    throw new ExpectedError(
      `Stream ${declared.stream} did not return its records, so they cannot be discarded: try again.`,
    );
  const UUID = (await listMappings(declared, aws, options))[0]?.UUID;
  if (!UUID)
    throw new ExpectedError(
      `Event source mapping ${declared.stream} → ${declared.function} does not exist: apply the pipeline first.`,
    );
  const filters = withArrival(withMarks(declared.filters), '>=', (held.newestAt + 1) / 1_000);
  const input = { UUID, ...configuration(settingsOf(declared), filters, true) };
  await call('UpdateEventSourceMapping', input, options);
}
