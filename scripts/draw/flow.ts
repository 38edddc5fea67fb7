import { svg, text } from './style.ts';

const STYLE = `
  .box { fill: var(--paper); stroke: var(--grid); stroke-width: 1.5; } .room { fill: var(--card); stroke: var(--grid); }
  .name { font-weight: 600; } .code { font: 13px ui-monospace, Menlo, Consolas, monospace; }
  .arrow { fill: none; stroke: var(--faint); stroke-width: 1.5; } .head { fill: var(--faint); }
  .ready { fill: var(--paper); font-weight: 600; }`;

/** docs/flow.svg: from the definition to a pipeline that delivers. */
export const flowDiagram = (): string =>
  svg(
    'From the definition to a pipeline that delivers',
    860,
    324,
    [
      box(20, 16, 240, 'init/10-hallow-events.ts', 'definition', 'code middle'),
      right('M260 42 H432', 432, 42),
      text(346, 33, 'ready-hooks build', 'faint middle'),
      box(440, 16, 260, 'ready.d/10-hallow-events.sh', 'hook', 'code middle'),
      '<rect class="room" x="20" y="124" width="820" height="184" rx="10"/>',
      text(40, 152, 'LocalStack', 'name'),
      '<path class="arrow" d="M570 68 V116"/><path class="head" d="M565 115 h10 l-5 9 z"/>',
      text(584, 101, 'each time LocalStack starts', 'faint'),
      box(44, 168, 150, 'bucket', 'exists'),
      right('M194 194 H258', 258, 194),
      box(266, 168, 150, 'function', 'Active'),
      right('M416 194 C460 194 450 212 492 212', 492, 212),
      box(44, 240, 150, 'stream', 'ACTIVE'),
      right('M194 266 H400 C450 266 450 240 492 240', 492, 240),
      box(500, 200, 200, 'event source mapping', 'Enabled, loses nothing'),
      right('M700 226 H738', 738, 226),
      '<rect class="green" x="746" y="208" width="76" height="36" rx="18"/>',
      text(784, 230.5, 'ready', 'ready middle'),
    ],
    STYLE,
  );

function box(x: number, y: number, width: number, name: string, state: string, className = 'name middle'): string {
  const middle = x + width / 2;
  return `<rect class="box" x="${x}" y="${y}" width="${width}" height="52" rx="8"/>${text(middle, y + 22, name, className)}${text(middle, y + 40, state, 'faint middle')}`;
}

/** An arrow along a path that ends at (x, y), going right. */
const right = (path: string, x: number, y: number) =>
  `<path class="arrow" d="${path}"/><path class="head" d="M${x - 1} ${y - 5} v10 l9 -5 z"/>`;
