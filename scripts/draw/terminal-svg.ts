import { escapeXml } from '../../src/runtime/report/timeline-svg.ts';
import { rounded, svg, text } from './style.ts';
import type { Recording, Run, Shown, Size } from './terminal.ts';

const [CHARACTER, LINE, MARGIN, BAR, HOLD_MS] = [8, 20, 20, 40, 6_000];

const STYLE = `
  .window { fill: var(--card); stroke: var(--grid); } .dot { fill: var(--grid); }
  .screen { font: 13.3px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; } .screen text { white-space: pre; }
  .red { fill: var(--red); } .bold { font-weight: 600; }`;

/** A recording as an animation that repeats. Without motion, it shows the end. */
export function terminalSvg(title: string, recording: Recording, { columns, rows }: Size): string {
  const { shown, tops, endMs } = recording;
  const totalMs = Math.round(endMs) + HOLD_MS;
  const percent = (ms: number) => `${Math.round((ms / totalMs) * 10_000) / 100}%`;
  const [width, height] = [MARGIN * 2 + columns * CHARACTER, BAR + rows * LINE + MARGIN];
  const spans = together(shown);
  const frames = spans.map(([{ fromMs, toMs }], index) => {
    const before = fromMs > 0 ? '0% { visibility: hidden } ' : '';
    const after = toMs === undefined ? '' : ` ${percent(toMs)} { visibility: hidden }`;
    return `@keyframes s${index} { ${before}${percent(fromMs)} { visibility: visible }${after} }`;
  });
  const scroll = tops.map(({ atMs, line }) => `${percent(atMs)} { transform: translateY(${-line * LINE}px) }`);
  const last = tops.at(-1)?.line ?? 0;
  return svg(
    title,
    width,
    height,
    [
      `<rect class="window" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>`,
      ...[0, 1, 2].map((n) => `<circle class="dot" cx="${MARGIN + 4 + n * 20}" cy="20" r="6"/>`),
      text(width / 2, 25, title, 'faint middle'),
      `<svg aria-hidden="true" y="${BAR}" width="${width}" height="${rows * LINE + 6}"><g class="screen">`,
      ...spans.map(group),
      '</g></svg>',
    ],
    [
      STYLE,
      `.screen { transform: translateY(${-last * LINE}px) } .gone { visibility: hidden }`,
      '@media (prefers-reduced-motion: no-preference) {',
      `g { animation: ${totalMs}ms step-end infinite }`,
      `.screen { animation-name: scroll } @keyframes scroll { ${scroll.join(' ')} }`,
      ...frames.map((frame, index) => `#s${index} { animation-name: s${index} } ${frame}`),
      '}',
    ].join('\n  '),
  );
}

type Span = [Shown, ...Shown[]];

/** What appears and disappears at the same times. */
function together(shown: readonly Shown[]): Span[] {
  const spans = new Map<string, Span>();
  for (const each of shown) {
    const key = `${each.fromMs} ${each.toMs}`;
    const span = spans.get(key);
    if (span) span.push(each);
    else spans.set(key, [each]);
  }
  return [...spans.values()];
}

function group(span: Span, index: number): string {
  const gone = span[0].toMs === undefined ? '' : ' class="gone"';
  const lines = span.flatMap(({ line, runs }) => runs.map((run) => runOf(run, line)));
  return `<g id="s${index}"${gone}>${lines.join('')}</g>`;
}

/** With its length given, text keeps its columns in any font. */
function runOf({ column, text, classes }: Run, line: number): string {
  return `<text${classes && ` class="${classes}"`} x="${MARGIN + column * CHARACTER}" y="${line * LINE + 15}" textLength="${rounded([...text].length * CHARACTER)}">${escapeXml(text)}</text>`;
}
