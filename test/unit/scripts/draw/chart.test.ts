import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { barChart, dotChart, lineChart } from '../../../../scripts/draw/chart.ts';
import { flowDiagram } from '../../../../scripts/draw/flow.ts';
import { scalingChart } from '../../../../scripts/draw/scaling.ts';

const head = { title: 'a < b', note: 'median', legend: { blue: 'ready-hooks' } };

test('the diagrams in docs/ are those that are drawn; otherwise run: npm run draw', async () => {
  for (const [name, picture] of Object.entries({ 'flow.svg': flowDiagram(), 'scaling.svg': scalingChart() }))
    expect(await readFile(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8')).toBe(picture);
});

test('a line chart has one path per line, and a label that overlaps no other', () => {
  const line = (label: string, ms: number) => ({
    label,
    colour: 'blue' as const,
    points: [
      { x: 1, ms: 100 },
      { x: 100, ms },
    ],
  });
  const svg = lineChart(head, 'pipelines', [line('a', 1_000), line('b', 1_001), line('c', 100)]);
  expect(svg.match(/<path /g)).toHaveLength(3);
  const heights = [...svg.matchAll(/ y="([\d.]+)">[abc] </g)].map(([, y]) => Number(y)).sort((a, b) => a - b);
  expect(heights).toHaveLength(3);
  expect((heights[1] ?? 0) - (heights[0] ?? 0)).toBeGreaterThanOrEqual(15);
  expect(svg).not.toContain('NaN');
});

test('a chart is one self-contained SVG with a legend, a unit and a bar for each value, and escapes its labels', () => {
  const svg = barChart(head, [
    { label: 'x & y', ms: 1_000, colour: 'blue', spread: [900, 2_000] },
    { label: 'z', ms: 500, from: 1_000, colour: 'gray' },
  ]);
  expect(svg.match(/<rect [^>]*height="20"/g)).toHaveLength(2);
  for (const text of ['a &lt; b', 'x &amp; y', '>ready-hooks<', '>seconds<']) expect(svg).toContain(text);
  expect(svg).toContain('prefers-color-scheme: dark');
  expect(svg).not.toMatch(/href|<script|url\(/);
});

test('a dot chart has a column for each power of ten around its values', () => {
  const svg = dotChart(head, 'events per second', [
    { label: 'few', value: 1_000, colour: 'blue' },
    { label: 'many', value: 25_000, colour: 'green' },
  ]);
  expect([...svg.matchAll(/middle" x="\d[\d.]*" y="\d+">([\d,]+)</g)].map(([, value]) => value)).toEqual([
    '100',
    '1,000',
    '10,000',
    '100,000',
  ]);
  expect(svg.match(/<circle /g)).toHaveLength(2);
});
