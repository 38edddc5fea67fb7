import { escapeXml, ticks } from '../../src/runtime/report/timeline-svg.ts';
import { seconds } from './targets.ts';

export interface Bar {
  label: string;
  /** Milliseconds; `from` moves the bar to the right, for steps that follow each other. */
  ms: number;
  from?: number;
  /** Range around the median. */
  spread?: [min: number, max: number];
  kind: 'ours' | 'floor' | 'peer';
}

const [ROW, TOP, CHART, CHARACTER] = [28, 48, 520, 7.3];

// As in src/runtime/report/timeline-svg.ts: contrast at least 4.5:1 for text and 3:1 for bars, on both backgrounds.
const STYLE = `
  svg { background: #ffffff; font: 12px ui-monospace, Menlo, Consolas, monospace; }
  text { fill: #1f2328; } .faint { fill: #59636e; } line { stroke: #d1d9e0; } .spread { stroke: #1f2328; }
  .ours { fill: #0969da; } .floor { fill: #1a7f37; } .peer { fill: #818b98; }
  path.ours { fill: none; stroke: #0969da; } path.floor { fill: none; stroke: #1a7f37; } path.peer { fill: none; stroke: #818b98; }
  path { stroke-width: 2; }
  path.again { stroke-dasharray: 5 4; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; }
    text { fill: #f0f6fc; } .faint { fill: #9198a1; } line { stroke: #3d444d; } .spread { stroke: #f0f6fc; }
    .ours { fill: #4493f8; } .floor { fill: #3fb950; } .peer { fill: #8b949e; }
    path.ours { fill: none; stroke: #4493f8; } path.floor { fill: none; stroke: #3fb950; } path.peer { fill: none; stroke: #8b949e; }
  }`;

/** Bars over one scale of seconds, as a self-contained SVG that follows the reader's light or dark setting. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const end = ({ ms, from = 0, spread }: Bar) => Math.max(from + ms, spread?.[1] ?? 0);
  const longest = Math.max(...bars.map(end));
  const labels = Math.ceil(Math.max(...bars.map(({ label }) => label.length)) * CHARACTER) + 24;
  const width = Math.max(labels + CHART + 80, Math.ceil(title.length * 8.6) + 24);
  const height = TOP + bars.length * ROW + 28;
  const x = (ms: number) => Math.round((labels + (ms / longest) * CHART) * 10) / 10;
  const rows = bars.map((bar, index) => {
    const { label, ms, from = 0, spread, kind } = bar;
    const y = TOP + index * ROW;
    const wide = Math.max(1.5, Math.round((x(from + ms) - x(from)) * 10) / 10);
    const whisker = spread
      ? `<line class="spread" x1="${x(spread[0])}" x2="${x(spread[1])}" y1="${y + 12}" y2="${y + 12}"/>`
      : '';
    return `<text x="12" y="${y + 16}">${escapeXml(label)}</text><rect class="${kind}" x="${x(from)}" y="${y + 4}" width="${wide}" height="16"/>${whisker}<text class="faint" x="${x(end(bar)) + 6}" y="${y + 16}">${seconds(ms)}</text>`;
  });
  return [
    ...svgStart(title, width, height),
    ...ticks(longest).map(
      (ms) =>
        `<line x1="${x(ms)}" x2="${x(ms)}" y1="${TOP - 4}" y2="${height - 22}"/><text class="faint" x="${x(ms)}" y="${height - 8}" text-anchor="middle">${ms / 1000}</text>`,
    ),
    ...rows,
    '</svg>\n',
  ].join('\n');
}

export interface Line {
  label: string;
  kind: Bar['kind'];
  /** Dashed. */
  again?: boolean;
  /** In order of x; `ms` is a time. */
  points: { x: number; ms: number }[];
}

const [LEFT, RIGHT, PLOT_WIDTH, PLOT_HEIGHT] = [64, 290, 420, 300];

/** Lines over two logarithmic scales: a straight line of slope 1 means twice the time for twice the work. */
export function lineChart(title: string, xTitle: string, lines: readonly Line[]): string {
  const points = lines.flatMap((line) => line.points);
  const [xs, times] = [points.map(({ x }) => x), points.map(({ ms }) => ms)];
  const [fromMs, toMs] = [below(Math.min(...times)), above(Math.max(...times))];
  const height = TOP + PLOT_HEIGHT + 52;
  const at = (value: number, from: number, to: number) => Math.log(value / from) / Math.log(to / from);
  const x = (value: number) => rounded(LEFT + at(value, Math.min(...xs), Math.max(...xs)) * PLOT_WIDTH);
  const y = (ms: number) => rounded(TOP + PLOT_HEIGHT - at(ms, fromMs, toMs) * PLOT_HEIGHT);
  const bottom = TOP + PLOT_HEIGHT;
  const labels = apart(lines.map(({ points }) => y(points.at(-1)?.ms ?? fromMs)));
  return [
    ...svgStart(title, LEFT + PLOT_WIDTH + RIGHT, height),
    ...powersOfTen(fromMs, toMs).map(
      (ms) =>
        `<line x1="${LEFT}" x2="${LEFT + PLOT_WIDTH}" y1="${y(ms)}" y2="${y(ms)}"/><text class="faint" x="${LEFT - 8}" y="${y(ms) + 4}" text-anchor="end">${ms / 1000} s</text>`,
    ),
    ...[...new Set(xs)].map(
      (value) =>
        `<line x1="${x(value)}" x2="${x(value)}" y1="${TOP}" y2="${bottom}"/><text class="faint" x="${x(value)}" y="${bottom + 18}" text-anchor="middle">${value}</text>`,
    ),
    `<text class="faint" x="${LEFT + PLOT_WIDTH / 2}" y="${bottom + 40}" text-anchor="middle">${escapeXml(xTitle)}</text>`,
    ...lines.flatMap(({ label, kind, again, points }, index) => {
      const last = points.at(-1);
      if (!last) return [];
      const path = points.map((point, n) => `${n === 0 ? 'M' : 'L'}${x(point.x)} ${y(point.ms)}`).join(' ');
      return [
        `<path class="${kind}${again ? ' again' : ''}" d="${path}"/>`,
        ...points.map((point) => `<circle class="${kind}" cx="${x(point.x)}" cy="${y(point.ms)}" r="3.5"/>`),
        `<text x="${x(last.x) + 10}" y="${(labels[index] ?? 0) + 4}">${escapeXml(label)} <tspan class="faint">${seconds(last.ms)}</tspan></text>`,
      ];
    }),
    '</svg>\n',
  ].join('\n');
}

function svgStart(title: string, width: number, height: number): string[] {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title><style>${STYLE}\n</style>`,
    `<text x="12" y="24" font-size="14">${escapeXml(title)}</text>`,
  ];
}

const rounded = (value: number) => Math.round(value * 10) / 10;
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
    free = (moved[index] ?? 0) + 15;
  }
  return moved;
}
