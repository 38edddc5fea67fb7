import { expect, test } from 'vitest';
import type { Event } from '../../../../src/runtime/report/events.ts';
import { timelineOf } from '../../../../src/runtime/report/timeline.ts';
import { ticks, timelineSvg } from '../../../../src/runtime/report/timeline-svg.ts';
import { timelineText } from '../../../../src/runtime/report/timeline-text.ts';

const KINDS = {
  bucket: 'bucket',
  stream: 'stream',
  function: 'function',
  mapping: 'mapping',
  never: 'mapping',
} as const;
const identity = (name: string) => ({ kind: KINDS[name.split(' ')[0] as keyof typeof KINDS], ref: { name } });
const on = (step: string) => ({ step, ...identity(step) });

const steps = [
  { id: 'bucket b', ...identity('bucket b'), needs: [] },
  { id: 'stream s', ...identity('stream s'), needs: [] },
  { id: 'function <f>', ...identity('function <f>'), needs: ['bucket b'] },
  { id: 'mapping', ...identity('mapping'), needs: ['stream s', 'function <f>'] },
  { id: 'never', ...identity('never'), needs: ['mapping'] },
];
const events: Event[] = [
  { at: 0, type: 'start', pipeline: 'p', engine: 'LocalStack 4.14.0', endpoint: 'http://x', steps },
  { at: 0, type: 'step-started', ...on('bucket b') },
  { at: 0, type: 'step-started', ...on('stream s') },
  { at: 100, type: 'request', ...on('stream s'), operation: 'CreateStream', why: '' },
  { at: 200, type: 'step-ready', ...on('bucket b'), outcome: 'unchanged', tookMs: 200 },
  { at: 200, type: 'step-started', ...on('function <f>') },
  { at: 200, type: 'waiting', ...on('stream s'), until: 'for it to be ACTIVE', seen: 'CREATING' },
  { at: 400, type: 'step-ready', ...on('function <f>'), outcome: 'created', tookMs: 200 },
  { at: 800, type: 'step-ready', ...on('stream s'), outcome: 'created', tookMs: 800 },
  { at: 800, type: 'step-started', ...on('mapping') },
  {
    at: 900,
    type: 'retry',
    ...on('mapping'),
    operation: 'CreateEventSourceMapping',
    error: 'x',
    attempt: 1,
    inMs: 100,
  },
  { at: 1000, type: 'step-failed', ...on('mapping'), problem: 'x', tookMs: 200 },
  { at: 1000, type: 'end', ready: [], failed: ['mapping'], notAttempted: ['never'], outcomes: {} },
];

test('shows each step’s work and waits, its end, and the critical path', () => {
  const { title, end, total, rows } = timelineOf(events);
  expect({ title, end, total }).toEqual({ title: 'p on LocalStack 4.14.0', end: 'failed', total: 1000 });
  const lines = rows.map(({ step, spans, end, critical }) => {
    const times = spans.map(({ from, to, doing }) => `${doing} ${from}-${to}`).join(', ');
    return `${critical ? '* ' : ''}${step}: ${times || 'nothing'}: ${end}`;
  });
  expect(lines).toEqual([
    'bucket b: loading 0-200: unchanged',
    '* stream s: loading 0-100, working 100-200, waiting 200-800: created',
    'function <f>: loading 200-400: created',
    '* mapping: working 800-900, waiting 900-1000: failed',
    'never: nothing: not attempted',
  ]);
});

test('as text', () => {
  expect(timelineText(timelineOf(events))).toBe(
    [
      'p on LocalStack 4.14.0: failed after 1.00 s   = first response of a service  # working  - waiting  * critical path',
      '  bucket b     |==========                                        | 0.20 s  unchanged',
      '* stream s     |=====#####------------------------------          | 0.80 s  created',
      '  function <f> |          ==========                              | 0.20 s  created',
      '* mapping      |                                        #####-----| 0.20 s  failed',
      '  never        |                                                  | 0.00 s  not attempted',
      '',
    ].join('\n'),
  );
});

test('as SVG: one complete document with escaped names and no URL except the namespace', () => {
  const svg = timelineSvg(timelineOf(events));
  expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  expect(svg).toContain('function &lt;f>');
  expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
  expect(svg.match(/<rect class="failed"/g)).toHaveLength(3); // with the legend
});

test('the SVG shows how the run ended, a legend of its colours, and no text beyond its edge', () => {
  const svg = timelineSvg(timelineOf(events));
  expect(svg).toContain('>p on LocalStack 4.14.0: failed after 1.00 s</text>');
  const legend = svg.split('\n').find((line) => line.includes('critical path'));
  expect([...(legend ?? '').matchAll(/class="([a-z]+)" x="\d[^>]*12"\/>/g)].map(([, kind]) => kind)).toEqual([
    'loading',
    'working',
    'waiting',
    'failed',
  ]);
  const width = Number(/width="(\d+)"/.exec(svg)?.[1]);
  for (const [, x, text = ''] of svg.matchAll(/<text class="faint" x="([\d.]+)" y="\d+">([^<]*)/g))
    expect(Number(x) + text.length * 7.3, text).toBeLessThan(width);
});

test('the end of a run that was stopped, and of one that is ready', () => {
  const end = (notAttempted: string[]): Event => ({
    at: 9,
    type: 'end',
    ready: [],
    failed: [],
    notAttempted,
    outcomes: {},
  });
  expect(timelineOf([...events.slice(0, 3), end([])])).toMatchObject({ end: 'ready' });
  expect(timelineOf([...events.slice(0, 3), end(['bucket b'])])).toMatchObject({ end: 'stopped' });
});

test.each([
  [300, 300],
  [4_000, 4_000],
  [4_100, 4_000],
  [60_000, 60_000],
])('a chart of %i ms has four to eleven ticks, the last at %i', (total, last) => {
  expect(ticks(total).at(-1)).toBe(last);
  expect(ticks(total).length).toBeGreaterThanOrEqual(4);
  expect(ticks(total).length).toBeLessThanOrEqual(11);
});
