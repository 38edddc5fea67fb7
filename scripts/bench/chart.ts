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
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; }
    text { fill: #f0f6fc; } .faint { fill: #9198a1; } line { stroke: #3d444d; } .spread { stroke: #f0f6fc; }
    .ours { fill: #4493f8; } .floor { fill: #3fb950; } .peer { fill: #8b949e; }
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
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title><style>${STYLE}\n</style>`,
    `<text x="12" y="24" font-size="14">${escapeXml(title)}</text>`,
    ...ticks(longest).map(
      (ms) =>
        `<line x1="${x(ms)}" x2="${x(ms)}" y1="${TOP - 4}" y2="${height - 22}"/><text class="faint" x="${x(ms)}" y="${height - 8}" text-anchor="middle">${ms / 1000}</text>`,
    ),
    ...rows,
    '</svg>\n',
  ].join('\n');
}
