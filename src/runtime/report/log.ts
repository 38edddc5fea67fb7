import type { Event, Outcome } from './events.ts';

/** Renders events as plain lines, one a happening, as they come: what `docker logs` shows of a hook. */
export function logRenderer(write: (line: string) => void): (event: Event) => void {
  let pipeline = '';
  const problems = new Map<string, string>();
  return (event) => {
    const at = `${(event.at / 1000).toFixed(2).padStart(8)} s  `;
    switch (event.type) {
      case 'start':
        pipeline = event.pipeline;
        return write(
          `ready-hooks: ${pipeline}: ${event.steps.length} ${event.steps.length === 1 ? 'resource' : 'resources'} on ${event.engine} at ${event.endpoint}`,
        );
      case 'step-started':
        return;
      case 'waiting':
        return write(`${at}${event.step}: waiting ${event.until}, now ${event.seen}`);
      case 'request':
        return write(`${at}${event.step}: ${event.operation} (${event.why})`);
      case 'warning':
        return write(`${at}${event.step}: warning: ${event.message}`);
      case 'retry':
        return write(
          `${at}${event.step}: ${event.operation} failed, attempt ${event.attempt + 1} in ${event.inMs} ms: ${event.error}`,
        );
      case 'settling':
        return write(`${at}${event.step}: settling for ${event.ms} ms`);
      case 'step-ready':
        return write(`${at}${event.step}: ${describeOutcome(event.outcome)} in ${event.tookMs} ms`);
      case 'step-failed':
        problems.set(event.step, event.problem);
        return write(`${at}${event.step}: FAILED after ${event.tookMs} ms`);
      case 'end':
        return summarise(event);
    }
  };

  function summarise({ at, ready, failed, notAttempted, outcomes }: Extract<Event, { type: 'end' }>): void {
    const seconds = (at / 1000).toFixed(2);
    if (failed.length === 0 && notAttempted.length === 0) {
      const removal = Object.values(outcomes).some((outcome) => outcome === 'removed' || outcome === 'absent');
      write(`ready-hooks: ${pipeline} is ${removal ? 'removed' : 'ready'} in ${seconds} s: ${count(outcomes)}`);
      return;
    }
    write(
      `ready-hooks: ${pipeline} FAILED after ${seconds} s: ${ready.length} ready, ${failed.length} failed, ${notAttempted.length} not attempted`,
    );
    for (const step of ready) write(`    ready          ${step}`);
    for (const step of failed) write(`    failed         ${step}`);
    for (const step of notAttempted) write(`    not attempted  ${step}`);
    for (const problem of problems.values()) write(`ready-hooks: ${problem}`);
  }
}

function describeOutcome(outcome: Outcome): string {
  return outcome === 'absent' ? 'was not there, seen' : outcome === 'removed' ? 'removed' : `ready (${outcome})`;
}

function count(outcomes: Record<string, Outcome>): string {
  const counts = new Map<Outcome, number>();
  for (const outcome of Object.values(outcomes)) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const only = [...counts.keys()];
  if (only.length === 1 && only[0] === 'unchanged') return `all ${counts.get('unchanged')} resources unchanged`;
  return [...counts].map(([outcome, n]) => `${n} ${outcome}`).join(', ') || 'nothing declared';
}
