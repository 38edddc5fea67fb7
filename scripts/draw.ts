import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { stopEngine } from '../src/local/start.ts';
import { flowDiagram } from './draw/flow.ts';
import { scalingChart } from './draw/scaling.ts';
import { paced, replay, runOnTerminal, type Size } from './draw/terminal.ts';
import { terminalSvg } from './draw/terminal-svg.ts';
import { runScript, script } from './run.ts';

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url));
const SIZE: Size = { columns: 100, rows: 24 };
const START = 'npm start';

const command = script(
  'npm run draw',
  'Draw the diagrams of the docs. (Those of docs/performance.md are drawn by npm run bench -- --page.)',
).option('--record', `also run ${START}, and draw its output as an animation; needs Linux`);

await runScript<{ record?: true }>(command, async ({ record }, signal) => {
  await write('flow.svg', flowDiagram());
  await write('scaling.svg', scalingChart());
  if (record) await write('start.svg', await recordStart(signal));
});

async function recordStart(signal: AbortSignal): Promise<string> {
  // What is installed or pulled at the first start belongs to no recording, and an engine that still runs hides the start.
  await runOnTerminal(`${START} && npm stop`, SIZE, signal);
  const output = await runOnTerminal(START, SIZE, signal).finally(() => stopEngine({ port: 4566 }));
  const typed = { atMs: 0, data: `$ ${START}\r\n` };
  const anyones = output.map(({ atMs, data }) => ({ atMs, data: data.replaceAll(homedir(), '~') }));
  const chunks = paced([typed, ...anyones], { joinMs: 50, pauseMs: 1_200 });
  return terminalSvg(START, await replay(chunks, SIZE), SIZE);
}

async function write(name: string, picture: string): Promise<void> {
  await writeFile(`${DOCS}${name}`, picture);
  console.log(`wrote docs/${name}`);
}
