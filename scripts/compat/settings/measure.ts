import pLimit from 'p-limit';
import { BATCHES } from './batches.ts';
import { CHANGES } from './changes.ts';
import { FAILURES } from './failures.ts';
import { type Lab, openBench, RejectedError } from './lab.ts';
import { POSITIONS } from './positions.ts';
import type { Outcome, Probe } from './probe.ts';

/** In the order of the page. */
export const PROBES: readonly Probe[] = [...BATCHES, ...POSITIONS, ...FAILURES, ...CHANGES];

/** More would slow each other down on two cores. */
const AT_ONCE = 8;

/** Of every probe, by its title. */
export type Outcomes = Record<string, Outcome>;

interface Options {
  /** Default: all. */
  probes?: readonly Probe[] | undefined;
  signal: AbortSignal;
  onProgress?: ((line: string) => void) | undefined;
}

/** Runs the probes side by side on a new engine, those that keep it busy last. */
export async function measure(
  endpoint: string,
  { probes = PROBES, signal, onProgress = () => {} }: Options,
): Promise<Outcomes> {
  const bench = await openBench(endpoint, signal);
  const limit = pLimit(AT_ONCE);
  const outcomes = new Map<Probe, Outcome>();
  const run = async (probe: Probe) => {
    const outcome = await outcomeOf(probe, bench.lab(String(probes.indexOf(probe))));
    outcomes.set(probe, outcome);
    onProgress(`  ${probe.title}: ${outcome.verdict} (${outcome.seen})`);
  };
  try {
    for (const busy of [undefined, true])
      await Promise.all(probes.filter((probe) => probe.busy === busy).map((probe) => limit(run, probe)));
  } finally {
    bench.close();
  }
  return Object.fromEntries(probes.flatMap((probe) => seenOf(probe, outcomes)));
}

function seenOf(probe: Probe, outcomes: ReadonlyMap<Probe, Outcome>): [string, Outcome][] {
  const outcome = outcomes.get(probe);
  return outcome ? [[probe.title, outcome]] : [];
}

async function outcomeOf(probe: Probe, lab: Lab): Promise<Outcome> {
  try {
    return await probe.run(lab);
  } catch (error) {
    if (error instanceof RejectedError) return { verdict: 'rejected', seen: error.message };
    throw error;
  }
}
