import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { apply, destroy, type Runnable } from '../src/runtime/apply/apply.ts';
import { prune } from '../src/runtime/apply/prune.ts';
import { parsePipeline } from '../src/runtime/definition/check.ts';
import { uniqueName } from '../test/support/pipelines.ts';
import { recorder } from '../test/support/recorder.ts';
import { sender, warmKinesis } from '../test/support/records.ts';
import { EVENTS_PER_RUN, type SoakOptions, settled } from './soak-runs.ts';

export interface EditTally {
  pipelines: number;
  /** Runs that changed one of them. */
  edits: number;
  /** What these runs deleted. */
  pruned: number;
  sent: number;
  lost: number;
  twice: number;
  /** Delivered events that were sent while no function was declared. */
  unwanted: number;
}

/** What each version declares, in order: a function, a renamed one, none, and the renamed one again. */
const VERSIONS = ['old', 'new', undefined, 'new'] as const;

/** Renames, removes and re-creates the function of each pipeline, and sends events after each run. */
export async function soakEdits({ endpoint, runs, atOnce, signal }: Omit<SoakOptions, 'bringUp'>): Promise<EditTally> {
  const tally = { pipelines: 0, edits: 0, pruned: 0, sent: 0, lost: 0, twice: 0, unwanted: 0 };
  await warmKinesis(endpoint);
  const limit = pLimit(atOnce);
  const work = Array.from({ length: runs }, (_, n) =>
    limit(async () => {
      signal.throwIfAborted();
      await editOne(endpoint, n % 2 ? 4 : 1, tally);
    }),
  );
  await Promise.all(work);
  return tally;
}

async function editOne(endpoint: string, shardCount: number, tally: EditTally): Promise<void> {
  const name = uniqueName('edit');
  const expected: string[] = [];
  const unwanted: string[] = [];
  const { put, close } = sender(endpoint, name);
  for (const fn of VERSIONS) {
    // Several pipelines run at once, so `+=` must not wait in between.
    const pruned = await bringUp(endpoint, version(name, shardCount, fn));
    tally.pruned += pruned;
    tally.edits += 1;
    const ids = Array.from({ length: EVENTS_PER_RUN }, () => randomUUID());
    for (const id of ids) await put(id);
    (fn ? expected : unwanted).push(...ids);
    await settled(endpoint, name, expected);
  }
  close();
  const counts = await settled(endpoint, name, expected);
  tally.pipelines += 1;
  tally.edits -= 1; // The first run only creates.
  tally.sent += expected.length + unwanted.length;
  tally.lost += expected.filter((id) => !counts.has(id)).length;
  tally.twice += expected.filter((id) => (counts.get(id) ?? 0) > 1).length;
  tally.unwanted += unwanted.filter((id) => counts.has(id)).length;
  await destroy(version(name, shardCount, 'new'), { endpoint, emptyBuckets: true });
}

/** Applies and prunes; returns how many resources were deleted. */
async function bringUp(endpoint: string, runnable: Runnable): Promise<number> {
  const applied = await apply(runnable, { endpoint });
  if (!applied.ok) throw Object.values(applied.failures)[0];
  const { ok, left, result } = await prune(runnable, { endpoint, prune: 'functions' });
  if (!ok || left.length > 0) throw new Error(`${left.map(({ step }) => step).join(', ')} of ${runnable.name} is left`);
  return result?.steps.length ?? 0;
}

function version(name: string, shardCount: number, fn: string | undefined): Runnable {
  const functions = fn ? { [`${name}-${fn}`]: { zip: 'recorder.zip', buckets: { BUCKET: name } } } : {};
  const pipeline = parsePipeline(
    {
      buckets: { [name]: {} },
      streams: { [name]: { shardCount } },
      functions,
      eventSourceMappings: Object.keys(functions).map((each) => ({
        stream: name,
        function: each,
        batchSize: 10_000,
        startingPosition: 'LATEST',
      })),
    },
    name,
  );
  return { name, owner: name, pipeline, codes: new Map(Object.keys(functions).map((each) => [each, recorder])) };
}
