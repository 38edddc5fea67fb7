import { readFile, writeFile } from 'node:fs/promises';
import { ExpectedError, InvalidInputError } from '../src/runtime/errors.ts';
import { ENGINES } from './compat/engines.ts';
import { runEngine } from './compat/matrix.ts';
import { PAGE, page } from './compat/page.ts';
import { type Cell, differences } from './compat/result.ts';
import { pattern, runScript, script } from './run.ts';

const EXPECTED = new URL('./compat/expected.json', import.meta.url);

const command = script(
  'npm run compat',
  'Run the hook on every engine and Node.js of the matrix, compare the results with the committed ones, and write docs/compatibility.md.',
)
  .option('--only <regex>', 'only engines whose name matches, such as "4.14.0 in Docker" (default: all)', pattern)
  .option('--accept', 'save the new results as the expected ones');

await runScript<{ only?: RegExp; accept?: true }>(command, async ({ only, accept }, signal) => {
  const engines = ENGINES.filter(({ name }) => !only || only.test(name));
  if (engines.length === 0)
    throw new InvalidInputError(
      `--only ${only?.source} matches no engine. Engines: ${ENGINES.map(({ name }) => name).join('; ')}.`,
    );
  const expected = JSON.parse(await readFile(EXPECTED, 'utf8')) as { runs: Record<string, string>; cells: Cell[] };
  const seen: Cell[] = [];
  for (const engine of engines) seen.push(...(await runEngine(engine, { signal, onProgress: console.log })));

  const chosen = new Set(engines.map(({ name }) => name));
  const lines = differences(expected.cells, seen, chosen);
  if (lines.length > 0 && !accept)
    throw new ExpectedError(
      `${lines.length} results differ from scripts/compat/expected.json:\n${lines.join('\n')}\nIf the new results are right, run again with --accept.`,
    );
  const today = new Date().toISOString().slice(0, 10);
  const runs = { ...expected.runs, ...Object.fromEntries([...chosen].map((name) => [name, today])) };
  const all = [...expected.cells.filter(({ engine }) => !chosen.has(engine)), ...seen];
  const cells = ENGINES.flatMap(({ name }) => all.filter(({ engine }) => engine === name));
  await writeFile(EXPECTED, `${JSON.stringify({ runs, cells }, undefined, 2)}\n`);
  await writeFile(PAGE, page({ runs, cells }));
  console.log(`${seen.length} cells as expected; wrote docs/compatibility.md`);
});
