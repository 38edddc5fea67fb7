import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ExpectedError, InvalidInputError } from '../src/errors.ts';
import { ENGINES } from './compat/engines.ts';
import { runEngine } from './compat/matrix.ts';
import { PAGE, page } from './compat/page.ts';
import { type Cell, differences } from './compat/result.ts';
import { runScript } from './run.ts';

// npm run compat [-- --only REGEX] [--accept]: runs the matrix and compares it with what is committed.
const EXPECTED = new URL('./compat/expected.json', import.meta.url);

await runScript(async (signal) => {
  const { values } = parseArgs({
    options: { only: { type: 'string', default: '' }, accept: { type: 'boolean', default: false } },
  });
  const engines = ENGINES.filter(({ name }) => new RegExp(values.only, 'i').test(name));
  if (engines.length === 0)
    throw new InvalidInputError(`--only ${values.only} fits none of: ${ENGINES.map(({ name }) => name).join('; ')}.`);
  const expected = JSON.parse(await readFile(EXPECTED, 'utf8')) as { runs: Record<string, string>; cells: Cell[] };
  const seen: Cell[] = [];
  for (const engine of engines) seen.push(...(await runEngine(engine, { signal, onProgress: console.log })));

  const chosen = new Set(engines.map(({ name }) => name));
  const lines = differences(expected.cells, seen, chosen);
  if (lines.length > 0 && !values.accept)
    throw new ExpectedError(
      `${lines.length} outcomes are not as expected:\n${lines.join('\n')}\nIf they are right, run it again with --accept.`,
    );
  const today = new Date().toISOString().slice(0, 10);
  const runs = { ...expected.runs, ...Object.fromEntries([...chosen].map((name) => [name, today])) };
  const all = [...expected.cells.filter(({ engine }) => !chosen.has(engine)), ...seen];
  const cells = ENGINES.flatMap(({ name }) => all.filter(({ engine }) => engine === name));
  await writeFile(EXPECTED, `${JSON.stringify({ runs, cells }, undefined, 2)}\n`);
  await writeFile(PAGE, page({ runs, cells }));
  console.log(`${seen.length} cells as expected; docs/compatibility.md is written`);
});
