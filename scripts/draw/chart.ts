import { escapeXml, ticks } from '../../src/runtime/report/timeline-svg.ts';
import { seconds } from '../bench/targets.ts';
import { type Colour, rounded, svg, text } from './style.ts';

export interface Head {
  title: string;
  /** What the values are. */
  note: string;
  legend: Partial<Record<Colour, string>>;
}

export interface Bar {
  label: string;
  /** Milliseconds; `from` moves the bar to the right, for steps that follow each other. */
  ms: number;
  from?: number;
  /** Range around the median. */
  spread?: [min: number, max: number];
  colour: Colour;
}

const [WIDTH, MARGIN, TOP, ROW, FOOT, CHARACTER] = [860, 20, 100, 30, 48, 7.2];

/** Bars over one scale of seconds. */
export function barChart(head: Head, bars: readonly Bar[]): string {
  const end = ({ ms, from = 0, spread }: Bar) => Math.max(from + ms, spread?.[1] ?? 0);
  const longest = Math.max(...bars.map(end));
  const left = leftOf(bars);
  const x = (ms: number) => rounded(left + (ms / longest) * (WIDTH - left - 80));
  const bottom = TOP + bars.length * ROW;
  return svg(
    head.title,
    WIDTH,
    bottom + FOOT,
    [
      ...headOf(head),
      ...ticks(longest).map((ms) => column(x(ms), bottom, String(ms / 1000))),
      axisTitle(x(longest / 2), bottom, 'seconds'),
      ...bars.flatMap((bar, index) => {
        const { label, ms, from = 0, spread, colour } = bar;
        const y = TOP + index * ROW;
        const wide = Math.max(2, rounded(x(from + ms) - x(from)));
        return [
          text(left - 12, y + 19, label, 'end'),
          `<rect class="${colour}" x="${x(from)}" y="${y + 5}" width="${wide}" height="20" rx="2"/>`,
          ...(spread
            ? [`<line class="spread" x1="${x(spread[0])}" x2="${x(spread[1])}" y1="${y + 15}" y2="${y + 15}"/>`]
            : []),
          text(x(end(bar)) + 8, y + 19, seconds(ms), 'faint'),
        ];
      }),
    ],
    '\n  .spread { stroke: var(--ink); }',
  );
}

export interface Dot {
  label: string;
  value: number;
  colour: Colour;
}

/** Values over a logarithmic scale of powers of ten. */
export function dotChart(head: Head, xTitle: string, dots: readonly Dot[]): string {
  const values = dots.map(({ value }) => value);
  const [from, to] = [below(Math.min(...values) - 1), above(Math.max(...values))];
  const left = leftOf(dots);
  const x = (value: number) => rounded(left + along(value, from, to) * (WIDTH - left - 60));
  const bottom = TOP + dots.length * ROW;
  return svg(
    head.title,
    WIDTH,
    bottom + FOOT,
    [
      ...headOf(head),
      ...powersOfTen(from, to).map((value) => column(x(value), bottom, value.toLocaleString('en'))),
      axisTitle((x(from) + x(to)) / 2, bottom, xTitle),
      ...dots.flatMap(({ label, value, colour }, index) => {
        const y = TOP + index * ROW + 15;
        return [
          text(left - 12, y + 4, label, 'end'),
          `<line class="stem" x1="${left}" x2="${x(value)}" y1="${y}" y2="${y}"/>`,
          `<circle class="${colour}" cx="${x(value)}" cy="${y}" r="6"/>`,
        ];
      }),
    ],
    '\n  .stem { stroke: var(--gray); stroke-width: 2; }',
  );
}

export interface Line {
  label: string;
  colour: Colour;
  /** Dashed. */
  again?: boolean;
  /** In order of x; `ms` is a time. */
  points: { x: number; ms: number }[];
}

const [LEFT, PLOT_WIDTH, PLOT_HEIGHT] = [76, 530, 300];

/** Lines over two logarithmic scales: a straight line of slope 1 means twice the time for twice the work. */
export function lineChart(head: Head, xTitle: string, lines: readonly Line[]): string {
  const points = lines.flatMap((line) => line.points);
  const [xs, times] = [points.map(({ x }) => x), points.map(({ ms }) => ms)];
  const [fromMs, toMs] = [below(Math.min(...times)), above(Math.max(...times))];
  const x = (value: number) => rounded(LEFT + along(value, Math.min(...xs), Math.max(...xs)) * PLOT_WIDTH);
  const bottom = TOP + PLOT_HEIGHT;
  const y = (ms: number) => rounded(bottom - along(ms, fromMs, toMs) * PLOT_HEIGHT);
  const labels = apart(lines.map(({ points }) => y(points.at(-1)?.ms ?? fromMs)));
  return svg(
    head.title,
    WIDTH,
    bottom + FOOT,
    [
      ...headOf(head),
      ...powersOfTen(fromMs, toMs).flatMap((ms) => [
        `<line class="grid" x1="${LEFT}" x2="${LEFT + PLOT_WIDTH}" y1="${y(ms)}" y2="${y(ms)}"/>`,
        text(LEFT - 10, y(ms) + 4, `${(ms / 1000).toLocaleString('en')} s`, 'faint end'),
      ]),
      ...[...new Set(xs)].map((value) => column(x(value), bottom, String(value))),
      axisTitle(LEFT + PLOT_WIDTH / 2, bottom, xTitle),
      ...lines.flatMap(({ colour, again, points }) => {
        const path = points.map((point, n) => `${n === 0 ? 'M' : 'L'}${x(point.x)} ${y(point.ms)}`).join(' ');
        return [
          `<path class="${colour}"${again ? ' stroke-dasharray="5 4"' : ''} d="${path}"/>`,
          ...points.map((point) => `<circle class="${colour}" cx="${x(point.x)}" cy="${y(point.ms)}" r="4"/>`),
        ];
      }),
      // Over all lines.
      ...lines.flatMap(({ label, points }, index) => {
        const last = points.at(-1);
        if (!last) return [];
        const value = `<tspan class="faint">${seconds(last.ms)}</tspan>`;
        return [
          `<text class="over" x="${x(last.x) + 12}" y="${(labels[index] ?? 0) + 4}">${escapeXml(label)} ${value}</text>`,
        ];
      }),
    ],
    '\n  path { stroke-width: 2.5; } path.blue { fill: none; stroke: var(--blue); } path.green { fill: none; stroke: var(--green); } path.gray { fill: none; stroke: var(--gray); }\n  .over { paint-order: stroke; stroke: var(--paper); stroke-width: 5; }',
  );
}

function headOf({ title, note, legend }: Head): string[] {
  let x = MARGIN;
  const entries = Object.entries(legend).flatMap(([colour, meaning]) => {
    const at = x;
    x += 36 + meaning.length * CHARACTER;
    return [
      `<rect class="${colour}" x="${rounded(at)}" y="66" width="12" height="12" rx="2"/>`,
      text(rounded(at + 18), 77, meaning),
    ];
  });
  return [text(MARGIN, 30, title, 'title'), text(MARGIN, 51, note, 'faint'), ...entries];
}

const column = (x: number, bottom: number, value: string) =>
  `<line class="grid" x1="${x}" x2="${x}" y1="${TOP}" y2="${bottom}"/>${text(x, bottom + 18, value, 'faint middle')}`;

const axisTitle = (x: number, bottom: number, title: string) => text(rounded(x), bottom + 38, title, 'faint middle');

const leftOf = (rows: readonly { label: string }[]) =>
  Math.ceil(MARGIN + 12 + Math.max(...rows.map(({ label }) => label.length)) * CHARACTER);

/** 0 at `from`, 1 at `to`, on a logarithmic scale. */
const along = (value: number, from: number, to: number) => Math.log(value / from) / Math.log(to / from);
const below = (value: number) => 10 ** Math.floor(Math.log10(value));
const above = (value: number) => 10 ** Math.ceil(Math.log10(value));

function powersOfTen(from: number, to: number): number[] {
  return Array.from({ length: Math.round(Math.log10(to / from)) + 1 }, (_, n) => from * 10 ** n);
}

/** Moves labels down until each has its own line; keeps their order. */
function apart(positions: readonly number[]): number[] {
  const moved = [...positions];
  let free = Number.NEGATIVE_INFINITY;
  for (const [index, y] of [...positions.entries()].sort(([, a], [, b]) => a - b)) {
    moved[index] = Math.max(y, free);
    free = (moved[index] ?? 0) + 18;
  }
  return moved;
}
