import { headline, type Span, seconds, type Timeline, type TimelineRow } from './timeline.ts';

const ROW = 26;
const TOP = 64;
const CHART = 620;
const CHARACTER = 7.7;
/** In the title, which is larger. */
const TITLE_CHARACTER = 9;

// Both palettes keep text at 4.5:1 or more, and bars at 3:1 or more, against the background.
const STYLE = `
  svg { background: #ffffff; font: 12px ui-monospace, Menlo, Consolas, monospace; }
  text { fill: #1f2328; } .faint { fill: #59636e; } line { stroke: #d1d9e0; }
  .working { fill: #0969da; } .waiting { fill: #b8860b; } .failed { fill: #cf222e; } .loading { fill: #8c959f; } .critical { font-weight: bold; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; }
    text { fill: #f0f6fc; } .faint { fill: #9198a1; } line { stroke: #3d444d; }
    .working { fill: #4493f8; } .waiting { fill: #d29922; } .failed { fill: #f85149; } .loading { fill: #6e7681; }
  }`;

/** A timeline as one self-contained SVG that follows the reader's light or dark mode. */
export function timelineSvg(timeline: Timeline): string {
  const { total, rows } = timeline;
  const labels = Math.ceil(Math.max(...rows.map(({ step }) => step.length + 2), 20) * CHARACTER) + 16;
  const x = (ms: number) => round(labels + (ms / Math.max(total, 1)) * CHART);
  const ends = rows.map((row) => noteX(row, x) + noteOf(row).length * CHARACTER);
  const width = Math.ceil(Math.max(labels + CHART, ...ends, headline(timeline).length * TITLE_CHARACTER + 12) + 12);
  const height = TOP + rows.length * ROW + 28;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(headline(timeline))}</title><style>${STYLE}\n</style>`,
    `<text x="12" y="22" font-size="14">${escapeXml(headline(timeline))}</text>`,
    legend(rows, 44),
    ...ticks(total).map((ms) => tick(ms, x(ms), height)),
    ...rows.map((row, index) => bars(row, TOP + index * ROW, x)),
    '</svg>\n',
  ].join('\n');
}

/** The text after a row's last bar. */
function noteOf({ spans, end }: TimelineRow): string {
  const last = spans.at(-1);
  return last ? `${seconds(last.to - (spans[0]?.from ?? 0))} ${end}` : end;
}

function noteX({ spans }: TimelineRow, x: (ms: number) => number): number {
  const last = spans.at(-1);
  return last ? x(last.to) + 6 : x(0);
}

/** The class of a span's bar. */
function kindOf({ end }: TimelineRow, { doing }: Span): string {
  return end === 'failed' && doing !== 'loading' ? 'failed' : doing;
}

function bars(row: TimelineRow, y: number, x: (ms: number) => number): string {
  const { step, spans, critical } = row;
  const middle = y + 17;
  const label = `<text x="12" y="${middle}"${critical ? ' class="critical"' : ''}>${critical ? '* ' : '  '}${escapeXml(step)}</text>`;
  const rects = spans.map((span) => {
    const { from, to, doing } = span;
    const wide = Math.max(1.5, round(x(to) - x(from)));
    return `<rect class="${kindOf(row, span)}" x="${x(from)}" y="${y + 5}" width="${wide}" height="16"><title>${escapeXml(step)}: ${doing} ${seconds(to - from)}</title></rect>`;
  });
  const note = `<text class="faint" x="${noteX(row, x)}" y="${middle}">${noteOf(row)}</text>`;
  return [label, ...rects, note].join('');
}

const LEGEND = {
  loading: 'first response of a service (loading)',
  working: 'working',
  waiting: 'waiting',
  failed: 'failed',
};

/** The kinds of bars in this timeline. */
function legend(rows: readonly TimelineRow[], y: number): string {
  const kinds = new Set(rows.flatMap((row) => row.spans.map((span) => kindOf(row, span))));
  let x = 12;
  const shown = Object.entries(LEGEND).filter(([kind]) => kinds.has(kind));
  const entries = shown.map(([kind, text]) => {
    const at = x;
    x += 18 + (text.length + 2) * CHARACTER;
    return `<rect class="${kind}" x="${round(at)}" y="${y - 10}" width="12" height="12"/><text class="faint" x="${round(at + 18)}" y="${y}">${text}</text>`;
  });
  return `${entries.join('')}<text class="faint" x="${round(x)}" y="${y}">* critical path</text>`;
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
