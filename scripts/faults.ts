import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import { down, up } from '../src/local/index.ts';
import { ExpectedError } from '../src/runtime/errors.ts';
import { CELLS, type Cell } from '../test/support/faults/expected.ts';
import { loadServices, runCell, TIMES } from '../test/support/faults/run-cell.ts';
import { faultSummary, faultTables, type Row } from './faults-page.ts';
import { replaceBlock } from './replace-block.ts';
import { count, pattern, runScript, script } from './run.ts';

const PAGE = fileURLToPath(new URL('../docs/reliability.md', import.meta.url));
const NOTES = fileURLToPath(new URL('../notes/faults.md', import.meta.url));

const command = script(
  'npm run faults',
  'Run a pipeline through every fault of every request, compare each result with test/support/faults/expected.ts, and write notes/faults.md and the summary in docs/reliability.md.',
)
  .option('--only <regex>', 'only cells whose name matches, such as "create: PutRecords"; write nothing', pattern)
  .option('--at-once <n>', 'number of cells to run in parallel', count, 6);

await runScript<{ only?: RegExp; atOnce: number }>(command, async ({ only, atOnce }, signal) => {
  const rows = CELLS.flatMap((cell) => TIMES.map((times) => ({ cell, times }))).filter(
    ({ cell, times }) => cell[times] !== '-' && (!only || only.test(nameOf(cell, times))),
  );
  const dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-faults-'));
  const startedAt = performance.now();
  try {
    const engine = await up({
      port: 0,
      dataDir,
      signal,
      onProgress: console.log,
      env: { KINESIS_SHARD_LIMIT: '10000' },
    });
    await loadServices(engine.endpoint);
    console.log(`${rows.length} cells on LocalStack ${engine.version}`);
    const limit = pLimit(atOnce);
    const seen: Row[] = await Promise.all(
      rows.map(({ cell, times }) =>
        limit(async () => {
          signal.throwIfAborted();
          const row = { cell, times, ...(await runCell(engine.endpoint, cell, times)) };
          console.log(
            `${row.problem ? 'DIFFERS' : 'as expected'}: ${nameOf(cell, times)}: ${row.outcome} (${row.ms} ms)${row.problem ? `\n    ${row.problem}` : ''}`,
          );
          return row;
        }),
      ),
    );
    const differing = seen.filter(({ problem }) => problem);
    console.log(
      `${seen.length - differing.length} of ${seen.length} cells as expected, ${Math.round((performance.now() - startedAt) / 1000)} s`,
    );
    if (differing.length > 0)
      throw new ExpectedError(
        `${differing.length} cells differ from test/support/faults/expected.ts: ${differing.map(({ cell, times }) => nameOf(cell, times)).join('; ')}.`,
      );
    if (only) return;
    await writeFile(PAGE, await replaceBlock(PAGE, 'faults', faultSummary(seen, engine.version)));
    await writeFile(NOTES, await replaceBlock(NOTES, 'faults', faultTables(seen, engine.version)));
  } finally {
    await down({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
  }
});

function nameOf({ run, operation, fault }: Cell, times: string): string {
  return `${run}: ${operation}: ${fault} ${times}`;
}
