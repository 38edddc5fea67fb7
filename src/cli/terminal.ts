import { clearLine, cursorTo } from 'node:readline';
import type { WriteStream } from 'node:tty';
import * as util from 'node:util';
import { printable } from '../runtime/printable.ts';
import type { Paint, Tone } from '../runtime/report/log.ts';

const STYLES: Record<Tone, Parameters<typeof util.styleText>[0]> = {
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  faint: 'dim',
};

/** Colours for a terminal that has them (NO_COLOR turns them off); plain text for anything else, and on Node.js before 20.12. */
export function paintFor(stream: Pick<WriteStream, 'isTTY' | 'hasColors'>): Paint {
  if (!stream.isTTY || !stream.hasColors() || !('styleText' in util)) return (_, text) => text;
  return (tone, text) => util.styleText(STYLES[tone], text, { validateStream: false });
}

export const paint: Paint = (tone, text) => paintFor(process.stdout)(tone, text);

export const print = (line: string) => writeAbove(process.stdout, line);
export const note = (line: string) => writeAbove(process.stderr, line);

/** Prints progress, and counts the seconds until the next line. */
export function progress(line: string): void {
  note(line);
  live(line);
}

const SHOWN_AFTER_MS = 1_000;

let timer: NodeJS.Timeout | undefined;
let isShown = false;

/** On a terminal, shows what the command does, with the elapsed seconds, as soon as it takes longer than a second. */
export function live(what: string | (() => string)): void {
  endLive();
  if (!process.stderr.isTTY) return;
  const startedAt = performance.now();
  timer = setInterval(() => {
    const elapsedMs = performance.now() - startedAt;
    eraseLive();
    // Some terminals have 0 columns.
    const text = typeof what === 'string' ? what : what();
    process.stderr.write(printable(liveText(text, elapsedMs, process.stderr.columns || undefined)));
    isShown = true;
  }, SHOWN_AFTER_MS).unref();
}

/** Fits into one line: a longer one could not be erased. */
export function liveText(what: string, elapsedMs: number, columns = 80): string {
  // A timer can fire a moment early.
  const time = ` … ${Math.round(elapsedMs / 1000)} s`;
  const room = columns - time.length - 1;
  return (what.length > room ? what.slice(0, Math.max(room, 0)) : what) + time;
}

export function endLive(): void {
  clearInterval(timer);
  timer = undefined;
  eraseLive();
}

function eraseLive(): void {
  if (isShown) eraseLine();
  isShown = false;
}

/** Removes the `^C` that a terminal shows. */
export function eraseEcho(): void {
  if (process.stderr.isTTY) eraseLine();
}

function eraseLine(): void {
  cursorTo(process.stderr, 0);
  clearLine(process.stderr, 0);
}

function writeAbove(stream: NodeJS.WriteStream, line: string): void {
  eraseLive();
  stream.write(`${printable(line)}\n`);
}
