import { headline, type Span, seconds, type Timeline } from './timeline.ts';

const WIDTH = 50;
const MARKS: Record<Span['doing'], string> = { loading: '=', working: '#', waiting: '-' };

/** A timeline for a terminal or a log: `=` waiting for the first response of a service, `#` working, `-` waiting, `*` on the critical path. */
export function timelineText(timeline: Timeline): string {
  const { total, rows } = timeline;
  const labels = Math.max(...rows.map(({ step }) => step.length), 0);
  const column = (ms: number) => Math.round((ms / Math.max(total, 1)) * WIDTH);
  const lines = rows.map(({ step, spans, end, critical }) => {
    const bar = Array.from({ length: WIDTH }, () => ' ');
    for (const { from, to, doing } of spans)
      bar.fill(MARKS[doing], column(from), Math.max(column(to), column(from) + 1));
    const took = (spans.at(-1)?.to ?? 0) - (spans[0]?.from ?? 0);
    return `${critical ? '*' : ' '} ${step.padEnd(labels)} |${bar.slice(0, WIDTH).join('')}| ${seconds(took)}  ${end}`;
  });
  return [
    `${headline(timeline)}   = first response of a service  # working  - waiting  * critical path`,
    ...lines,
    '',
  ].join('\n');
}
