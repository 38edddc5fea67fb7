import { escapeXml } from '../../src/runtime/report/timeline-svg.ts';

/** Colours with a contrast of at least 4.5:1 for text and 3:1 for shapes, on both backgrounds. */
const LIGHT =
  '--paper: #ffffff; --card: #f6f8fa; --ink: #1f2328; --faint: #59636e; --grid: #d1d9e0; --blue: #0969da; --green: #1a7f37; --amber: #9a6700; --red: #cf222e; --gray: #818b98;';
const DARK =
  '--paper: #0d1117; --card: #151b23; --ink: #f0f6fc; --faint: #9198a1; --grid: #3d444d; --blue: #4493f8; --green: #3fb950; --amber: #d29922; --red: #f85149; --gray: #8b949e;';

export type Colour = 'blue' | 'green' | 'amber' | 'gray';

const STYLE = `
  svg { ${LIGHT} background: var(--paper); font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
  text { fill: var(--ink); } .title { font-size: 16px; font-weight: 600; } .faint { fill: var(--faint); } .end { text-anchor: end; } .middle { text-anchor: middle; }
  .grid { stroke: var(--grid); }
  .blue { fill: var(--blue); } .green { fill: var(--green); } .amber { fill: var(--amber); } .gray { fill: var(--gray); }
  @media (prefers-color-scheme: dark) { svg { ${DARK} } }`;

/** A self-contained SVG that follows the reader's light or dark setting. */
export function svg(title: string, width: number, height: number, content: readonly string[], style = ''): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}${style}\n</style>`,
    ...content,
    '</svg>\n',
  ].join('\n');
}

export const text = (x: number, y: number, words: string, className = '') =>
  `<text${className && ` class="${className}"`} x="${x}" y="${y}">${escapeXml(words)}</text>`;

export const rounded = (value: number) => Math.round(value * 10) / 10;
