import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { paced, replay } from '../../../../scripts/draw/terminal.ts';
import { terminalSvg } from '../../../../scripts/draw/terminal-svg.ts';

const SIZE = { columns: 20, rows: 2 };
const shown = async (...data: string[]) => {
  const recording = await replay(
    data.map((each, n) => ({ atMs: n * 100, data: each })),
    SIZE,
  );
  return recording.shown.map(({ line, runs, fromMs, toMs }) => [
    line,
    runs.map(({ text }) => text).join('|'),
    fromMs,
    toMs,
  ]);
};

test('a line that is overwritten is shown until then', async () => {
  expect(await shown('loading 1 s', '\r\x1b[2K', 'done\r\n')).toEqual([
    [0, 'loading 1 s', 0, 100],
    [0, 'done', 200, undefined],
  ]);
});

test('lines keep their place when the terminal scrolls', async () => {
  expect(await shown('a\r\nb', '\r\nc')).toEqual([
    [0, 'a', 0, undefined],
    [1, 'b', 0, undefined],
    [2, 'c', 100, undefined],
  ]);
  const { tops } = await replay(
    [
      { atMs: 0, data: 'a\r\nb' },
      { atMs: 100, data: '\r\nc' },
    ],
    SIZE,
  );
  expect(tops).toEqual([
    { atMs: 0, line: 0 },
    { atMs: 100, line: 1 },
  ]);
});

test('text keeps its column and its colour', async () => {
  const { shown } = await replay([{ atMs: 0, data: '  ok \x1b[32mready\x1b[0m \x1b[2min 2 s\x1b[0m' }], SIZE);
  expect(shown[0]?.runs).toEqual([
    { column: 2, text: 'ok', classes: '' },
    { column: 5, text: 'ready', classes: 'green' },
    { column: 11, text: 'in 2 s', classes: 'faint' },
  ]);
});

test('what is printed at about the same time is one frame, and pauses are shortened', () => {
  const chunks = [0, 10, 5_000, 5_500].map((atMs) => ({ atMs, data: String(atMs) }));
  expect(paced(chunks, { joinMs: 50, pauseMs: 1_000 })).toEqual([
    { atMs: 0, data: '010' },
    { atMs: 1_010, data: '5000' },
    { atMs: 1_510, data: '5500' },
  ]);
});

test('the picture repeats, and shows only the end to readers who want no motion', async () => {
  const chunks = ['loading', '\r\x1b[2K', 'a < b'].map((data, n) => ({ atMs: n * 1_000, data }));
  const svg = terminalSvg('npm start', await replay(chunks, SIZE), SIZE);
  expect(svg).toContain('<g id="s0" class="gone"><text x="20" y="15" textLength="56">loading</text></g>');
  expect(svg).toContain('<g id="s1"><text x="20" y="15" textLength="40">a &lt; b</text></g>');
  expect(svg).toContain('@keyframes s0 { 0% { visibility: visible } 12.5% { visibility: hidden } }');
  expect(svg).toMatch(/prefers-reduced-motion: no-preference[\s\S]*animation: 8000ms step-end infinite/);
});

test('the recording in docs/ ends with all events delivered, and names no folder of the machine', () => {
  const svg = readFileSync(new URL('../../../../docs/start.svg', import.meta.url), 'utf8');
  expect(svg).toContain('20 of 20 events delivered</text>');
  expect(svg).not.toMatch(/\/(?:tmp|home|root|Users)\//);
});
