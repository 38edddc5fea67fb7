import { destroy, previewPipeline } from '../../../src/runtime/apply/apply.ts';
import type { Result } from '../../../src/runtime/apply/run.ts';
import { ExpectedError } from '../../../src/runtime/errors.ts';
import { faultProxy } from '../fault-proxy.ts';
import { uniqueName } from '../pipelines.ts';
import type { Cell } from './expected.ts';
import { breaking } from './faults.ts';
import { sampleRun } from './sample-runs.ts';

export const TIMES = ['once', 'forEver'] as const;
export type Times = (typeof TIMES)[number];

/** What came of a cell: `ready`, or the sentences of what failed; after how long; and what is wrong with that, if anything. */
export interface Seen {
  outcome: string;
  ms: number;
  problem?: string | undefined;
}

/** What a run without a fault may take on a busy machine. */
const UNDISTURBED_MS = 20_000;

/** Limits so small that hundreds of cells take minutes, and yet slow answers fit in. Milliseconds. */
function limitsOf({ fault }: Cell, times: Times) {
  const patient = times === 'once' || fault === 'answers after 2 s';
  return { requestTimeoutMs: patient ? 5_000 : 2_000, waitMs: patient ? 20_000 : 6_000 };
}

/** A cold service takes longer to load than the limits of a cell allow. */
export async function loadServices(endpoint: string): Promise<void> {
  const { sample, run } = sampleRun.create(uniqueName('fault-warm'), 60_000);
  await run({ endpoint });
  await destroy(sample, { endpoint });
}

/** Runs a cell against an engine through a proxy that makes its fault, and compares what comes of it with what is expected. */
export async function runCell(endpoint: string, cell: Cell, times: Times): Promise<Seen> {
  const { requestTimeoutMs, waitMs } = limitsOf(cell, times);
  // Until its first answer a step has two requests, then its own limit, at whose end a request may be under way.
  const mostMs = UNDISTURBED_MS + 3 * requestTimeoutMs + waitMs;
  const { sample, prepare, run, done } = sampleRun[cell.run](uniqueName('fault'), waitMs);
  await prepare(endpoint);
  const { handle, hits } = breaking(cell.operation, cell.fault, times === 'forEver');
  const proxy = await faultProxy(endpoint, handle);
  const startedAt = performance.now();
  const outcome = await outcomeOf(run({ endpoint: proxy.endpoint, requestTimeoutMs }));
  const ms = Math.round(performance.now() - startedAt);
  await proxy.close();
  const problem = await judge();
  await destroy(sample, { endpoint, emptyBuckets: true });
  return { outcome, ms, problem };

  async function judge(): Promise<string | undefined> {
    const expected = cell[times];
    if (hits() === 0) return 'the fault never struck';
    if (ms > mostMs) return `it took ${ms} ms, expected at most ${mostMs}`;
    if (expected instanceof RegExp) {
      if (!expected.test(outcome)) return `expected ${expected}`;
      const mended = await outcomeOf(run({ endpoint }));
      if (mended !== 'ready') return `a plain re-run did not mend it: ${mended}`;
    } else if (outcome !== expected) return `expected ${expected}`;
    const changes = (await previewPipeline(sample, { endpoint })).map(({ change }) => change);
    return changes.every((change) => change === done) ? undefined : `looking again finds ${changes}`;
  }
}

/** A bug is thrown on: no cell expects one. */
async function outcomeOf(run: Promise<Result>): Promise<string> {
  const failures = await run.then(
    (result) => Object.values(result.failures),
    (error) => [error],
  );
  const bug = failures.find((error) => !(error instanceof ExpectedError));
  if (bug) return `a bug: ${bug instanceof Error ? bug.stack : bug}`;
  return failures.map(({ message }) => message).join('\n') || 'ready';
}
