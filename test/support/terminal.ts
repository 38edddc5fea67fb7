import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import xterm from '@xterm/headless';

const DRIVER = join(import.meta.dirname, 'terminal.py');
/** Marks every process of a run, in its environment. */
const MARK = 'READY_HOOKS_TEST_TERMINAL';
const ROWS = 50;
const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';
export const ENTER = '\r';

interface Options {
  cwd?: string | undefined;
  /** All variables of the command, but TERM. */
  env: NodeJS.ProcessEnv;
  columns?: number;
}

/** A command on a terminal, with the screen as a person sees it. */
export class OnTerminal {
  /** Resolves to the exit code; 128 + n after a signal. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #screen: xterm.Terminal;
  readonly #mark = randomUUID();
  readonly #waiting = new Set<() => void>();
  #isOver = false;

  constructor(command: readonly string[], { cwd, env, columns = 120 }: Options) {
    this.#screen = new xterm.Terminal({ cols: columns, rows: ROWS, scrollback: 1e5, allowProposedApi: true });
    this.#child = spawn('python3', [DRIVER, String(columns), String(ROWS), ...command], {
      cwd,
      env: { ...env, TERM: 'xterm-256color', [MARK]: this.#mark },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream.on('data', (data) => this.#show(data));
    this.ended = new Promise((done) => {
      this.#child.once('close', (code) => {
        this.#isOver = true;
        this.#show('', () => done(code ?? -1));
      });
    });
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Hangs up, which ends the command. */
  close(): void {
    this.#child.kill();
  }

  /** Resolves once the screen has this, even for a moment; rejects if the command ends first. */
  shows(wanted: string | RegExp, timeoutMs = 60_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (problem?: string) => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        if (problem === undefined) resolve();
        else reject(new Error(`${problem} without showing ${wanted}:\n${this.text()}`));
      };
      const check = () => {
        if (this.text().search(typeof wanted === 'string' ? escaped(wanted) : wanted) >= 0) end();
        else if (this.#isOver) end('The command ended');
      };
      const timer = setTimeout(() => end(`${timeoutMs / 1_000} s passed`), timeoutMs);
      this.#waiting.add(check);
      check();
    });
  }

  /** The screen and what has scrolled out of it, without empty lines at the end. */
  text(): string {
    return this.#lines((line) => line.translateToString(true));
  }

  /** Like `text`, with colours: `<green>ready</>`. */
  coloured(): string {
    return this.#lines((line) => spans(line, this.#screen.cols));
  }

  /** The command lines of processes that this run left behind. */
  left(): string[] {
    const list = execFileSync('ps', ['axeww', '-o', 'command='], { encoding: 'utf8', maxBuffer: 1e8 });
    return list.split('\n').filter((line) => line.includes(`${MARK}=${this.#mark}`));
  }

  #show(data: string | Uint8Array, then = () => {}): void {
    this.#screen.write(data, () => {
      for (const check of this.#waiting) check();
      then();
    });
  }

  #lines(render: (line: xterm.IBufferLine) => string): string {
    const { active } = this.#screen.buffer;
    let text = '';
    for (let index = 0; index < active.length; index++) {
      const line = active.getLine(index);
      if (line) text += `${index > 0 && !line.isWrapped ? '\n' : ''}${render(line)}`;
    }
    return text.trimEnd();
  }
}

const escaped = (text: string) => new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));

function spans(line: xterm.IBufferLine, columns: number): string {
  let text = '';
  let open = '';
  for (let x = 0; x < Math.min(columns, line.translateToString(true).length); x++) {
    const cell = line.getCell(x);
    const style = cell ? styleOf(cell) : '';
    if (style !== open) text += `${open && '</>'}${style && `<${style}>`}`;
    open = style;
    text += cell?.getChars() || ' ';
  }
  return text + (open && '</>');
}

function styleOf(cell: xterm.IBufferCell): string {
  const colour = cell.isFgPalette() ? (COLOURS[cell.getFgColor()] ?? 'other') : '';
  return cell.isDim() ? 'dim' : colour;
}
