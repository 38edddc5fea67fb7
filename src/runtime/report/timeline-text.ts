import { seconds, type Timeline } from './timeline.ts';

const WIDTH = 50;

/** A timeline for a terminal or a log: `#` working, `-` waiting, `*` on the critical path. */
export function timelineText({ title, total, rows }: Timeline): string {
  const labels = Math.max(...rows.map(({ step }) => step.length), 0);
  const column = (ms: number) => Math.round((ms / Math.max(total, 1)) * WIDTH);
  const lines = rows.map(({ step, spans, end, critical }) => {
    const bar = Array.from({ length: WIDTH }, () => ' ');
    for (const { from, to, doing } of spans)
      bar.fill(doing === 'working' ? '#' : '-', column(from), Math.max(column(to), column(from) + 1));
    const took = (spans.at(-1)?.to ?? 0) - (spans[0]?.from ?? 0);
    return `${critical ? '*' : ' '} ${step.padEnd(labels)} |${bar.slice(0, WIDTH).join('')}| ${seconds(took)}  ${end}`;
  });
  return [`${title}: ${seconds(total)}   # working  - waiting  * critical path`, ...lines, ''].join('\n');
}
