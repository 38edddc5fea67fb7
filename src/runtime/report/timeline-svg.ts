import { seconds, type Timeline, type TimelineRow } from './timeline.ts';

const ROW = 26;
const TOP = 64;
const CHART = 620;
const CHARACTER = 7.7;

// Both palettes keep text at 4.5:1 or more, and bars at 3:1 or more, against the background.
const STYLE = `
  svg { background: #ffffff; font: 12px ui-monospace, Menlo, Consolas, monospace; }
  text { fill: #1f2328; } .faint { fill: #59636e; } line { stroke: #d1d9e0; }
  .working { fill: #0969da; } .waiting { fill: #b8860b; } .failed { fill: #cf222e; } .critical { font-weight: bold; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; }
    text { fill: #f0f6fc; } .faint { fill: #9198a1; } line { stroke: #3d444d; }
    .working { fill: #4493f8; } .waiting { fill: #d29922; } .failed { fill: #f85149; }
  }`;

/** A timeline as one self-contained SVG that follows the reader's light or dark mode. */
export function timelineSvg({ title, total, rows }: Timeline): string {
  const labels = Math.ceil(Math.max(...rows.map(({ step }) => step.length + 2), 20) * CHARACTER) + 16;
  const width = labels + CHART + 110;
  const height = TOP + rows.length * ROW + 28;
  const x = (ms: number) => round(labels + (ms / Math.max(total, 1)) * CHART);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}: ${seconds(total)}</title><style>${STYLE}\n</style>`,
    `<text x="12" y="22" font-size="14">${escapeXml(title)}: ready after ${seconds(total)}</text>`,
    legend(12, 44),
    ...ticks(total).map((ms) => tick(ms, x(ms), height)),
    ...rows.map((row, index) => bars(row, TOP + index * ROW, x)),
    '</svg>\n',
  ].join('\n');
}

function bars({ step, spans, end, critical }: TimelineRow, y: number, x: (ms: number) => number): string {
  const middle = y + 17;
  const label = `<text x="12" y="${middle}"${critical ? ' class="critical"' : ''}>${critical ? '* ' : '  '}${escapeXml(step)}</text>`;
  const rects = spans.map(({ from, to, doing }) => {
    const kind = end === 'failed' ? 'failed' : doing;
    const wide = Math.max(1.5, round(x(to) - x(from)));
    return `<rect class="${kind}" x="${x(from)}" y="${y + 5}" width="${wide}" height="16"><title>${escapeXml(step)}: ${doing} ${seconds(to - from)}</title></rect>`;
  });
  const last = spans.at(-1);
  const took = last ? `${seconds(last.to - (spans[0]?.from ?? 0))} ${end}` : end;
  const note = `<text class="faint" x="${last ? x(last.to) + 6 : x(0)}" y="${middle}">${took}</text>`;
  return [label, ...rects, note].join('');
}

function legend(x: number, y: number): string {
  const entry = (kind: string, at: number, text: string) =>
    `<rect class="${kind}" x="${at}" y="${y - 10}" width="12" height="12"/><text class="faint" x="${at + 18}" y="${y}">${text}</text>`;
  return `${entry('working', x, 'working')}${entry('waiting', x + 90, 'waiting')}<text class="faint" x="${x + 190}" y="${y}">* critical path</text>`;
}

function tick(ms: number, x: number, height: number): string {
  return `<line x1="${x}" x2="${x}" y1="${TOP - 4}" y2="${height - 22}"/><text class="faint" x="${x}" y="${height - 8}" text-anchor="middle">${ms / 1000} s</text>`;
}

/** Round times, four to ten of them. */
export function ticks(total: number): number[] {
  const step = [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000].find((each) => total / each <= 10) ?? 60_000;
  return Array.from({ length: Math.floor(total / step) + 1 }, (_, n) => n * step);
}

const round = (value: number) => Math.round(value * 10) / 10;
export const escapeXml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
