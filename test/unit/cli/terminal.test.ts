import { expect, test } from 'vitest';
import { liveText, paintFor } from '../../../src/cli/terminal.ts';
import type { Event } from '../../../src/runtime/report/events.ts';
import { logRenderer } from '../../../src/runtime/report/log.ts';

test.each([
  ['a pipe', false, true],
  ['a terminal without colours, or with NO_COLOR', true, false],
])('%s gets plain text', (_, isTTY, hasColors) => {
  expect(paintFor({ isTTY, hasColors: () => hasColors })('good', 'ready')).toBe('ready');
});

test('a terminal gets colours', () => {
  const paint = paintFor({ isTTY: true, hasColors: () => true });
  expect(paint('good', 'ready')).toBe('\u001B[32mready\u001B[39m');
  expect(paint('bad', 'FAILED')).toBe('\u001B[31mFAILED\u001B[39m');
  expect(paint('faint', 'waiting')).toBe('\u001B[2mwaiting\u001B[22m');
});

test('a log paints what is ready, failed and waiting', () => {
  const lines: string[] = [];
  const log = logRenderer(
    (line) => lines.push(line),
    (tone, text) => `<${tone} ${text}>`,
  );
  const on = { step: 'stream s', kind: 'stream', ref: { name: 's' } } as const;
  const events: Event[] = [
    { at: 0, type: 'start', pipeline: 'p', engine: 'LocalStack', endpoint: 'http://x', steps: [] },
    { at: 10, ...on, type: 'waiting', until: 'for it to be ACTIVE', seen: 'CREATING' },
    { at: 20, ...on, type: 'step-ready', outcome: 'created', tookMs: 20 },
    { at: 20, ...on, type: 'step-failed', problem: 'Why.', tookMs: 20 },
    { at: 20, type: 'end', ready: ['a'], failed: ['b'], notAttempted: ['c'], outcomes: {} },
  ];
  events.forEach(log);
  expect(lines.slice(1)).toEqual([
    '    0.01 s  stream s: <faint waiting for it to be ACTIVE, now CREATING>',
    '    0.02 s  stream s: <good ready (created) in 20 ms>',
    '    0.02 s  stream s: <bad FAILED after 20 ms>',
    'ready-hooks: <bad p FAILED after 0.02 s: 1 ready, 1 failed, 1 not attempted>',
    '    <good ready         > a',
    '    <bad failed        > b',
    '    <faint not attempted > c',
    'ready-hooks: Why.',
  ]);
});

test('the live line fits into the terminal', () => {
  expect(liveText('starting LocalStack', 12_000.4, 80)).toBe('starting LocalStack … 12 s');
  expect(liveText('starting LocalStack', 999.6, 80)).toBe('starting LocalStack … 1 s');
  expect(liveText('x'.repeat(200), 12_000, 80)).toHaveLength(79);
});
