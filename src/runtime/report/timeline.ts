import type { Event, Outcome } from './events.ts';

/** A stretch of a step's time, milliseconds since the run's start. */
export interface Span {
  from: number;
  to: number;
  /** `working`: requests and their responses; `waiting`: for the resource, for a retry, or settling. */
  doing: 'working' | 'waiting';
}

export interface TimelineRow {
  step: string;
  spans: Span[];
  end: Outcome | 'failed' | 'not attempted';
  /** On the critical path: the chain of steps that the run's duration came from. */
  critical: boolean;
}

export interface Timeline {
  title: string;
  /** Milliseconds from the run's start to its end. */
  total: number;
  rows: TimelineRow[];
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** When each step worked and waited, from the events of one run. */
export function timelineOf(events: readonly Event[]): Timeline {
  const start = events.find((event) => event.type === 'start');
  const end = events.at(-1);
  if (!start) return { title: '', total: 0, rows: [] };
  const rows = start.steps.map(({ id }) => row(id, events));
  const critical = criticalSteps(start.steps, rows);
  return {
    title: `${start.pipeline} on ${start.engine}`,
    total: end?.at ?? 0,
    rows: rows.map((each) => ({ ...each, critical: critical.has(each.step) })),
  };
}

function row(step: string, events: readonly Event[]): Omit<TimelineRow, 'critical'> {
  const own = events.filter((event) => 'step' in event && event.step === step);
  const spans: Span[] = [];
  let end: TimelineRow['end'] = 'not attempted';
  let open: Omit<Span, 'to'> | undefined;
  for (const event of own) {
    if (open && event.at > open.from) spans.push({ ...open, to: event.at });
    if (event.type === 'step-ready') end = event.outcome;
    if (event.type === 'step-failed') end = 'failed';
    const over = event.type === 'step-ready' || event.type === 'step-failed';
    open = over ? undefined : { from: event.at, doing: doingAfter(event.type, open?.doing) };
  }
  return { step, spans: merge(spans), end };
}

function doingAfter(type: Event['type'], before: Span['doing'] = 'working'): Span['doing'] {
  if (type === 'waiting' || type === 'retry' || type === 'settling') return 'waiting';
  return type === 'warning' ? before : 'working';
}

function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && last.doing === span.doing && last.to === span.from) last.to = span.to;
    else merged.push({ ...span });
  }
  return merged;
}

/** From the step that ended last back to the start, always via the need that ended last. */
function criticalSteps(
  steps: readonly { id: string; needs: string[] }[],
  rows: readonly Omit<TimelineRow, 'critical'>[],
) {
  const endOf = new Map(rows.map(({ step, spans }) => [step, spans.at(-1)?.to ?? -1]));
  const latest = (ids: readonly string[]) => [...ids].sort((a, b) => (endOf.get(b) ?? -1) - (endOf.get(a) ?? -1))[0];
  const chain = new Set<string>();
  let step = latest(steps.map(({ id }) => id));
  while (step !== undefined && !chain.has(step)) {
    chain.add(step);
    step = latest(steps.find(({ id }) => id === step)?.needs ?? []);
  }
  return chain;
}
