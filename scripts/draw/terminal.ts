import { spawn } from 'node:child_process';
import { once } from 'node:events';
// A CommonJS module, whose exports Node.js does not see.
import xterm from '@xterm/headless';
import { ExpectedError } from '../../src/runtime/errors.ts';

export interface Size {
  columns: number;
  rows: number;
}

export interface Chunk {
  atMs: number;
  data: string;
}

/** Runs a command on a pseudo terminal (with `script` of Linux), and returns its output with its times. */
export async function runOnTerminal(command: string, { columns, rows }: Size, signal: AbortSignal): Promise<Chunk[]> {
  const startedAt = performance.now();
  const child = spawn('script', ['-qec', `stty cols ${columns} rows ${rows}; ${command}`, '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TERM: 'xterm-256color' },
    signal,
  });
  const chunks: Chunk[] = [];
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    chunks.push({ atMs: performance.now() - startedAt, data });
  });
  const [code] = await once(child, 'close');
  if (code !== 0)
    throw new ExpectedError(`${command} failed with exit code ${code}: ${chunks.map(({ data }) => data).join('')}`);
  return chunks;
}

/** Text of one style; the class names are those of the picture. */
export interface Run {
  column: number;
  text: string;
  classes: string;
}

/** What a line of the terminal showed for some time; without `toMs`, until the end. */
export interface Shown {
  /** Counted from the first line ever printed, so it does not change when the terminal scrolls. */
  line: number;
  runs: Run[];
  fromMs: number;
  toMs?: number;
}

export interface Recording {
  shown: Shown[];
  /** The line at the top of the terminal, from each time on. */
  tops: { atMs: number; line: number }[];
  endMs: number;
}

/** Replays output on a terminal without a screen. */
export async function replay(chunks: readonly Chunk[], { columns, rows }: Size): Promise<Recording> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const buffer = terminal.buffer.active;
  const shown: Shown[] = [];
  const current = new Map<number, Shown>();
  const tops = [{ atMs: 0, line: 0 }];
  for (const { atMs, data } of chunks) {
    await new Promise<void>((done) => terminal.write(data, done));
    for (let line = 0; line < buffer.length; line++) {
      const runs = runsOf(buffer.getLine(line), columns);
      const before = current.get(line);
      if (JSON.stringify(before?.runs ?? []) === JSON.stringify(runs)) continue;
      if (before) before.toMs = atMs;
      const now = { line, runs, fromMs: atMs };
      current.set(line, now);
      shown.push(now);
    }
    if (buffer.baseY !== tops.at(-1)?.line) tops.push({ atMs, line: buffer.baseY });
  }
  terminal.dispose();
  return {
    shown: shown.filter(({ runs, fromMs, toMs }) => runs.length > 0 && fromMs !== toMs),
    tops,
    endMs: chunks.at(-1)?.atMs ?? 0,
  };
}

type BufferLine = ReturnType<InstanceType<typeof xterm.Terminal>['buffer']['active']['getLine']>;
type Cell = NonNullable<ReturnType<NonNullable<BufferLine>['getCell']>>;

/** Spaces separate words of one style, but end no run that goes on. */
function runsOf(line: BufferLine, columns: number): Run[] {
  const runs: Run[] = [];
  for (let column = 0; column < columns; column++) {
    const cell = line?.getCell(column);
    const characters = cell?.getChars() || ' ';
    const classes = cell ? classesOf(cell) : '';
    const last = runs.at(-1);
    if (last && last.classes === classes) last.text += characters;
    else if (characters !== ' ') runs.push({ column, text: characters, classes });
    else if (last) runs.push({ column, text: characters, classes });
  }
  return runs.map((run) => ({ ...run, text: run.text.trimEnd() })).filter(({ text }) => text !== '');
}

const COLOURS: Record<number, string> = { 1: 'red', 2: 'green', 3: 'amber', 4: 'blue' };

function classesOf(cell: Cell): string {
  const colour = cell.isFgPalette() ? COLOURS[cell.getFgColor() % 8] : undefined;
  return [colour, cell.isDim() && 'faint', cell.isBold() && 'bold'].filter(Boolean).join(' ');
}

/** Joins what was printed at about the same time, and shortens pauses. */
export function paced(chunks: readonly Chunk[], { joinMs, pauseMs }: { joinMs: number; pauseMs: number }): Chunk[] {
  const result: Chunk[] = [];
  let cutMs = 0;
  let beforeMs = 0;
  for (const { atMs, data } of chunks) {
    cutMs += Math.max(0, atMs - beforeMs - pauseMs);
    beforeMs = atMs;
    const last = result.at(-1);
    if (last && atMs - cutMs - last.atMs < joinMs) last.data += data;
    else result.push({ atMs: atMs - cutMs, data });
  }
  return result;
}
