import { readFile, writeFile } from 'node:fs/promises';
import { ExpectedError, InvalidInputError } from '../src/runtime/errors.ts';
import { ENGINES, type MatrixEngine } from './compat/engines.ts';
import { measureEngine, runEngine } from './compat/matrix.ts';
import { PAGE, page } from './compat/page.ts';
import { type Cell, differences } from './compat/result.ts';
import { PROBES } from './compat/settings/measure.ts';
import { PAGE as ENGINES_PAGE, enginesPage } from './compat/settings/page.ts';
import type { Probe } from './compat/settings/probe.ts';
import { changes, type Measured, RESULTS, readResults } from './compat/settings/results.ts';
import { pattern, runScript, script } from './run.ts';

const EXPECTED = new URL('./compat/expected.json', import.meta.url);

interface Options {
  only?: RegExp;
  probe?: RegExp;
  hooks?: true;
  settings?: true;
  accept?: true;
  page?: true;
}

const command = script(
  'npm run compat',
  'Run the hook on every engine and Node.js of the matrix, measure the settings of mappings on every engine, compare the results with the committed ones, and write docs/compatibility.md and docs/engines.md.',
)
  .option('--only <regex>', 'only engines whose name matches, such as "4.14.0 in Docker" (default: all)', pattern)
  .option('--hooks', 'only run the hook')
  .option('--settings', 'only measure settings')
  .option('--probe <regex>', 'only measure the settings whose name matches; writes nothing', pattern)
  .option('--accept', 'save the new results as the expected ones')
  .option('--page', 'run nothing: write the pages again from the saved results');

await runScript<Options>(command, async ({ only, probe, hooks, settings, accept, page }, signal) => {
  if (page) return writePages();
  const engines = ENGINES.filter(({ name }) => !only || only.test(name));
  if (engines.length === 0)
    throw new InvalidInputError(
      `--only ${only?.source} matches no engine. Engines: ${ENGINES.map(({ name }) => name).join('; ')}.`,
    );
  const probes = PROBES.filter(({ title }) => !probe || probe.test(title));
  const different = [
    ...(settings || probe ? [] : await runHooks(engines, { accept, signal })),
    ...(hooks ? [] : await measureSettings(engines, probes, { accept, signal })),
  ];
  if (different.length > 0 && !accept)
    throw new ExpectedError(
      `${different.length} results differ from the committed ones:\n${different.join('\n')}\nIf the new results are right, run again with --accept.`,
    );
  await writePages();
});

interface Run {
  accept: true | undefined;
  signal: AbortSignal;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Saves the results if they are as expected or accepted, and returns the differences. */
async function runHooks(engines: readonly MatrixEngine[], { accept, signal }: Run): Promise<string[]> {
  const expected = await readMatrix();
  const seen: Cell[] = [];
  for (const engine of engines) seen.push(...(await runEngine(engine, { signal, onProgress: console.log })));
  const chosen = new Set(engines.map(({ name }) => name));
  const lines = differences(expected.cells, seen, chosen);
  if (lines.length > 0 && !accept) return lines;
  const runs = { ...expected.runs, ...Object.fromEntries([...chosen].map((name) => [name, today()])) };
  const all = [...expected.cells.filter(({ engine }) => !chosen.has(engine)), ...seen];
  const cells = ENGINES.flatMap(({ name }) => all.filter(({ engine }) => engine === name));
  await writeFile(EXPECTED, `${JSON.stringify({ runs, cells }, undefined, 2)}\n`);
  return lines;
}

async function measureSettings(
  engines: readonly MatrixEngine[],
  probes: readonly Probe[],
  { accept, signal }: Run,
): Promise<string[]> {
  const before = await readResults();
  const now: Measured = {};
  for (const engine of engines.filter(({ measured }) => measured)) {
    const outcomes = await measureEngine(engine, { probes, signal, onProgress: console.log });
    now[engine.name] = { measuredOn: today(), outcomes };
  }
  const lines = changes(before, now);
  if ((lines.length > 0 && !accept) || probes.length < PROBES.length) return lines;
  const all = { ...before, ...now };
  const ordered = Object.fromEntries(ENGINES.flatMap(({ name }) => (all[name] ? [[name, all[name]]] : [])));
  await writeFile(RESULTS, `${JSON.stringify(ordered, undefined, 2)}\n`);
  return lines;
}

async function readMatrix(): Promise<{ runs: Record<string, string>; cells: Cell[] }> {
  return JSON.parse(await readFile(EXPECTED, 'utf8'));
}

async function writePages(): Promise<void> {
  await writeFile(PAGE, page(await readMatrix()));
  await writeFile(ENGINES_PAGE, enginesPage(await readResults()));
  console.log('wrote docs/compatibility.md and docs/engines.md');
}
