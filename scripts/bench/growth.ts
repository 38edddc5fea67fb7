import pLimit from 'p-limit';
import { type Bench, type Prepared, withEngine } from './engine.ts';
import { checkReady, floorRun } from './floor.ts';
import { buildHook, type HookRun, runHook, runProbed } from './hook.ts';
import { newNames, remove } from './pipeline.ts';
import { rawClient } from './raw.ts';
import { recordRequests } from './record.ts';
import { type Spread, spreadOf, timed } from './stats.ts';

/** From this number on, each run gets its own engine, and nothing is removed. */
export const MANY = 30;

/** One definition with this many pipelines, or with one stream of this many shards. */
export interface Growth {
  pipelines: number;
  shards: number;
  floor: Spread;
  hook: Spread;
  /** MB, the maximum of all rounds. */
  memory: number;
  /** Number of requests of each operation, in the last round. */
  requests: Record<string, number>;
  rerun: Spread;
  rerunRequests: Record<string, number>;
  /** The re-run's requests, replayed without an SDK. */
  rerunFloor?: Spread;
}

type OnEngine = <T>(work: (bench: Bench) => Promise<T>) => Promise<T>;

/** All runs on one engine; each removes its pipelines. */
export function onOne(bench: Bench): OnEngine {
  return (work) => work(bench);
}

/** Each run on a new engine: LocalStack starts faster than it removes many mappings. */
export function onNew(prepared: Prepared): OnEngine {
  return (work) => withEngine(prepared, work);
}

/** Alternates raw requests and the hook, then runs the hook again without changes. */
export async function grow(
  onEngine: OnEngine,
  { pipelines, shards = 1, rounds }: { pipelines: number; shards?: number; rounds: number },
): Promise<Growth> {
  const runs: Array<Awaited<ReturnType<typeof hookRound>> & { floor: number }> = [];
  for (let round = 1; round <= rounds; round++) {
    const floor = await onEngine((bench) => floorRound(bench, newNames('raw', pipelines), shards));
    const hook = await onEngine((bench) => hookRound(bench, newNames('grow', pipelines), shards));
    runs.push({ floor, ...hook });
    const ms = { floor, hook: hook.first.ms, rerun: hook.again.ms, rerunFloor: hook.rerunFloor };
    const times = Object.entries(ms).map(([name, value]) => `${name} ${Math.round(value)}`);
    console.log(
      `${pipelines} × ${shards} shards, round ${round} of ${rounds}: ${times.join(', ')} ms, ${Math.round(hook.first.maxRssMb)} MB`,
    );
  }
  const last = runs.at(-1);
  return {
    pipelines,
    shards,
    floor: spreadOf(runs.map(({ floor }) => floor)),
    hook: spreadOf(runs.map(({ first }) => first.ms)),
    memory: Math.max(...runs.flatMap(({ first, again }) => [first.maxRssMb, again.maxRssMb])),
    requests: countBy(last?.first.requests ?? []),
    rerun: spreadOf(runs.map(({ again }) => again.ms)),
    rerunRequests: countBy(last?.again.requests ?? []),
    rerunFloor: spreadOf(runs.map(({ rerunFloor }) => rerunFloor)),
  };
}

async function floorRound({ raw, endpoint, zip, signal }: Bench, names: readonly string[], shards: number) {
  signal.throwIfAborted();
  const { ms } = await timed(() => floorRun(raw, names, zip, shards));
  if (names.length < MANY) await remove(endpoint, names);
  return ms;
}

async function hookRound(bench: Bench, names: readonly string[], shards: number) {
  const { raw, endpoint, folder, signal } = bench;
  signal.throwIfAborted();
  const script = await buildHook(folder, names, shards);
  const first: HookRun = await runProbed(script, endpoint, signal);
  await checkReady(raw, names, 'the hook');
  const again: HookRun = await runProbed(script, endpoint, signal);
  const rerunFloor = await replay(bench, script);
  if (names.length < MANY) await remove(endpoint, names);
  return { first, again, rerunFloor };
}

/** The SDK's own limit. Sending one at a time would be slower, and so an easier target. */
const SDK_AT_ONCE = 50;

/** Replays the requests of a re-run without an SDK. */
async function replay({ endpoint, signal }: Bench, script: string): Promise<number> {
  const recorded = await recordRequests(endpoint, (proxy) => runHook(script, proxy, signal));
  const client = rawClient(endpoint);
  const limit = pLimit(SDK_AT_ONCE);
  const { ms } = await timed(async () => {
    await Promise.all(recorded.map((request) => limit(() => client.send(request))));
  });
  client.close();
  return ms;
}

function countBy(operations: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const operation of operations) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}
