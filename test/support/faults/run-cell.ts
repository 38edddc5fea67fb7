import { destroy, previewPipeline } from '../../../src/runtime/apply/apply.ts';
import type { Result } from '../../../src/runtime/apply/run.ts';
import { ExpectedError } from '../../../src/runtime/errors.ts';
import { faultProxy } from '../fault-proxy.ts';
import { uniqueName } from '../pipelines.ts';
import type { Cell } from './expected.ts';
import { breaking } from './faults.ts';
import { sampleRun } from './sample-runs.ts';

export const TIMES = ['once', 'always'] as const;
export type Times = (typeof TIMES)[number];

/** A cell's outcome: `ready` or the errors, the time it took, and how it differs from the expected outcome, if it does. */
export interface Seen {
  outcome: string;
  ms: number;
  problem?: string | undefined;
}

/** The time limit of a run without a fault, on a busy machine. */
const UNDISTURBED_MS = 20_000;

/** Limits in milliseconds: short, so that hundreds of cells take minutes, but long enough for slow answers. */
function limitsOf({ fault }: Cell, times: Times) {
  const patient = times === 'once' || fault === 'answers after 2 s';
  return { requestTimeoutMs: patient ? 5_000 : 2_000, waitMs: patient ? 20_000 : 6_000 };
}

/** Loads the services first: that takes longer than the limits of a cell allow. */
export async function loadServices(endpoint: string): Promise<void> {
  const { sample, run } = sampleRun.create(uniqueName('fault-warm'), 60_000);
  await run({ endpoint });
  await destroy(sample, { endpoint });
}

/** Runs a cell against an engine through a proxy that injects its fault, and compares the outcome with the expected one. */
export async function runCell(endpoint: string, cell: Cell, times: Times): Promise<Seen> {
  const { requestTimeoutMs, waitMs } = limitsOf(cell, times);
  // A step sends up to two requests before its first answer; at the end of its own limit, one more can be in progress.
  const mostMs = UNDISTURBED_MS + 3 * requestTimeoutMs + waitMs;
  const { sample, prepare, run, done } = sampleRun[cell.run](uniqueName('fault'), waitMs);
  await prepare(endpoint);
  const { handle, hits } = breaking(cell.operation, cell.fault, times === 'always');
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
    if (hits() === 0) return 'the fault never occurred';
    if (ms > mostMs) return `it took ${ms} ms, expected at most ${mostMs}`;
    if (expected instanceof RegExp) {
      if (!expected.test(outcome)) return `expected ${expected}`;
      const rerun = await outcomeOf(run({ endpoint }));
      if (rerun !== 'ready') return `a re-run without the fault did not become ready: ${rerun}`;
    } else if (outcome !== expected) return `expected ${expected}`;
    const changes = (await previewPipeline(sample, { endpoint })).map(({ change }) => change);
    return changes.every((change) => change === done) ? undefined : `a plan still finds ${changes}`;
  }
}

/** `ready` or the errors. An unexpected error is reported as a bug, which no cell expects. */
async function outcomeOf(run: Promise<Result>): Promise<string> {
  const failures = await run.then(
    (result) => Object.values(result.failures),
    (error) => [error],
  );
  const bug = failures.find((error) => !(error instanceof ExpectedError));
  if (bug) return `a bug: ${bug instanceof Error ? bug.stack : bug}`;
  return failures.map(({ message }) => message).join('\n') || 'ready';
}
