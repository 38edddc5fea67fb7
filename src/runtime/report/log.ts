import type { Event, LeftOverResource, Outcome, StepEvent } from './events.ts';

type LoggedEvent = Exclude<StepEvent, { type: 'step-started' }>;

/** The text of a line, after the step's label. */
const LINES: { [T in LoggedEvent['type']]: (event: Extract<LoggedEvent, { type: T }>) => string } = {
  waiting: ({ until, seen }) => `waiting ${until}, now ${seen}`,
  request: ({ operation, why }) => `${operation} (${why})`,
  warning: ({ message }) => `warning: ${message}`,
  retry: ({ operation, attempt, inMs, error }) =>
    `${operation} failed, attempt ${attempt + 1} in ${inMs / 1000} s: ${error}`,
  settling: ({ ms }) => `settling for ${ms} ms`,
  'step-ready': ({ outcome, tookMs }) => `${describeOutcome(outcome)} in ${tookMs} ms`,
  'step-failed': ({ tookMs, aborted }) => `${aborted ? 'stopped' : 'FAILED'} after ${tookMs} ms`,
};

/** How a text is meant; a terminal shows it as a colour. */
export type Tone = 'good' | 'bad' | 'warning' | 'faint';
export type Paint = (tone: Tone, text: string) => string;

const TONES: Partial<Record<Event['type'], Tone>> = {
  waiting: 'faint',
  retry: 'faint',
  settling: 'faint',
  warning: 'warning',
  'step-ready': 'good',
  'step-failed': 'bad',
};

const plain: Paint = (_, text) => text;

/** Prints each event as one line: without `paint`, the plain lines of a hook in `docker logs`. */
export function logRenderer(write: (line: string) => void, paint = plain): (event: Event) => void {
  let pipeline = '';
  const problems = new Map<string, string>();
  let stopped = false;
  let prunes = false;
  return (event) => {
    if (event.type === 'left-over') return leftOverLines(event).forEach(write);
    if (event.type === 'end') return summarise(event);
    if (event.type === 'start') {
      pipeline = event.pipeline;
      prunes = event.prunes === true;
      problems.clear();
      const resources = `${event.steps.length} ${event.steps.length === 1 ? 'resource' : 'resources'}${prunes ? ' no longer declared,' : ''}`;
      return write(`ready-hooks: ${pipeline}: ${resources} on ${event.engine} at ${event.endpoint}`);
    }
    if (event.type === 'step-started') return;
    if (event.type === 'step-failed') {
      stopped ||= event.aborted === true;
      if (!event.aborted) problems.set(event.step, event.problem);
    }
    const text = (LINES[event.type] as (event: StepEvent) => string)(event);
    const tone = TONES[event.type];
    write(`${(event.at / 1000).toFixed(2).padStart(8)} s  ${event.step}: ${tone ? paint(tone, text) : text}`);
  };

  function summarise({ at, ready, failed, notAttempted, outcomes }: Extract<Event, { type: 'end' }>): void {
    const seconds = (at / 1000).toFixed(2);
    if (failed.length === 0 && notAttempted.length === 0) {
      const removal = Object.values(outcomes).some((outcome) => outcome === 'deleted' || outcome === 'absent');
      const what = prunes ? `${pipeline}: resources no longer declared are` : `${pipeline} is`;
      const done = `${what} ${removal ? 'deleted' : 'ready'} in ${seconds} s: ${count(outcomes)}`;
      write(`ready-hooks: ${paint('good', done)}`);
      return;
    }
    const isStop = stopped && problems.size === 0;
    const unready = isStop ? 'not finished' : 'failed';
    const outcome = `${pipeline} ${isStop ? 'was stopped' : 'FAILED'} after ${seconds} s: ${ready.length} ready, ${failed.length} ${unready}, ${notAttempted.length} not attempted`;
    write(`ready-hooks: ${paint('bad', outcome)}`);
    const list = (tone: Tone, state: string, steps: string[]) => {
      for (const step of steps) write(`    ${paint(tone, state.padEnd(14))} ${step}`);
    };
    list('good', 'ready', ready);
    list('bad', unready, failed);
    list('faint', 'not attempted', notAttempted);
    for (const problem of problems.values()) write(`ready-hooks: ${problem}`);
  }
}

type LeftOvers = Extract<Event, { type: 'left-over' }>;

/** What the two commands do that delete what is left over. */
export const TO_DELETE = {
  functions: 'to delete mappings and functions',
  data: 'to delete streams and buckets, too, with their data',
};

function leftOverLines({ pipeline, resources, commands, problem }: LeftOvers): string[] {
  if (problem !== undefined) return [`ready-hooks: warning: ${problem}`];
  return [
    `ready-hooks: warning: ${pipeline} made these resources, but no longer declares them:`,
    ...resources.map((resource) => `    ${leftOverLine(resource)}`),
    ...(commands.functions ? [`ready-hooks: ${TO_DELETE.functions}: ${commands.functions}`] : []),
    ...(commands.data ? [`ready-hooks: ${TO_DELETE.data}: ${commands.data}`] : []),
  ];
}

function leftOverLine({ step, ref, stillReads, usedBy }: LeftOverResource): string {
  return [
    step,
    ...(stillReads ? [`still handles the records of ${ref['stream']}`] : []),
    ...(usedBy === undefined ? [] : [`stays, because ${usedBy} uses it`]),
  ].join(': ');
}

function describeOutcome(outcome: Outcome): string {
  return outcome === 'absent' ? 'did not exist, checked' : outcome === 'deleted' ? 'deleted' : `ready (${outcome})`;
}

function count(outcomes: Record<string, Outcome>): string {
  const counts = new Map<Outcome, number>();
  for (const outcome of Object.values(outcomes)) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const only = [...counts.keys()];
  const unchanged = counts.get('unchanged') ?? 0;
  if (only.length === 1 && unchanged > 1) return `all ${unchanged} resources unchanged`;
  return [...counts].map(([outcome, n]) => `${n} ${outcome}`).join(', ') || 'nothing declared';
}
