import type { KindName } from '../identity.ts';
import type { Event, Outcome, StepEvent } from './events.ts';

type Timed = StepEvent & { at: number };

/** A stretch of a step's time, milliseconds since the run's start. */
export interface Span {
  from: number;
  to: number;
  /**
   * `working`: requests and their responses; `waiting`: for the resource, for a retry, or settling; `loading`: for the first
   * response of a service, which a cold engine loads meanwhile.
   */
  doing: 'working' | 'waiting' | 'loading';
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
  /** How the run ended. */
  end: 'ready' | 'failed' | 'stopped';
  /** Milliseconds from the run's start to its end. */
  total: number;
  rows: TimelineRow[];
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** `p on LocalStack 4.14.0: ready after 1.79 s` */
export const headline = ({ title, end, total }: Timeline) => `${title}: ${end} after ${seconds(total)}`;

/** When each step worked and waited, from the events of one run. */
export function timelineOf(events: readonly Event[]): Timeline {
  const start = events.find((event) => event.type === 'start');
  const end = events.at(-1);
  if (!start) return { title: '', end: 'failed', total: 0, rows: [] };
  const answered = firstAnswers(events);
  const rows = start.steps.map(({ id }) => row(id, events, answered));
  const critical = criticalSteps(start.steps, rows);
  return {
    title: `${start.pipeline} on ${start.engine}`,
    end: endOf(events),
    total: end?.at ?? 0,
    rows: rows.map((each) => ({ ...each, critical: critical.has(each.step) })),
  };
}

function endOf(events: readonly Event[]): Timeline['end'] {
  const end = events.at(-1);
  if (end?.type === 'end' && end.failed.length + end.notAttempted.length === 0) return 'ready';
  return events.some((event) => event.type === 'step-failed' && !event.aborted) ? 'failed' : 'stopped';
}

/** When each service first answered. A step reads its resource first, so its second event follows an answer. */
function firstAnswers(events: readonly Event[]): Map<string, number> {
  const started = new Set<string>();
  const answers = new Map<string, number>();
  for (const event of events) {
    if (!('step' in event)) continue;
    if (event.type === 'step-started') started.add(event.step);
    else if (started.has(event.step) && !answers.has(serviceOf(event))) answers.set(serviceOf(event), event.at);
  }
  return answers;
}

const SERVICES: Record<KindName, string> = {
  bucket: 's3',
  bucketSeed: 's3',
  stream: 'kinesis',
  streamSeed: 'kinesis',
  function: 'lambda',
  mapping: 'lambda',
};

const serviceOf = ({ kind }: StepEvent) => SERVICES[kind];

function row(step: string, events: readonly Event[], answered: Map<string, number>): Omit<TimelineRow, 'critical'> {
  const own = events.filter((event): event is Timed => 'step' in event && event.step === step);
  const spans: Span[] = [];
  let end: TimelineRow['end'] = 'not attempted';
  let open: Omit<Span, 'to'> | undefined;
  for (const event of own) {
    if (open && event.at > open.from) spans.push({ ...open, to: event.at });
    if (event.type === 'step-ready') end = event.outcome;
    if (event.type === 'step-failed') end = 'failed';
    const over = event.type === 'step-ready' || event.type === 'step-failed';
    open = over ? undefined : { from: event.at, doing: doingAfter(event, answered, open?.doing) };
  }
  return { step, spans: merge(spans), end };
}

function doingAfter(event: Timed, answered: Map<string, number>, before: Span['doing'] = 'working'): Span['doing'] {
  const { type, at } = event;
  if (type === 'waiting' || type === 'retry' || type === 'settling') return 'waiting';
  if (type === 'step-started' && at < (answered.get(serviceOf(event)) ?? 0)) return 'loading';
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
  const ends = new Map(rows.map(({ step, spans }) => [step, spans.at(-1)?.to ?? -1]));
  const latest = (ids: readonly string[]) => [...ids].sort((a, b) => (ends.get(b) ?? -1) - (ends.get(a) ?? -1))[0];
  const chain = new Set<string>();
  let step = latest(steps.map(({ id }) => id));
  while (step !== undefined && !chain.has(step)) {
    chain.add(step);
    step = latest(steps.find(({ id }) => id === step)?.needs ?? []);
  }
  return chain;
}
