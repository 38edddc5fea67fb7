import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { ExpectedError } from '../src/errors.ts';
import { down, up } from '../src/local/index.ts';
import { CELLS, type Cell } from '../test/faults/expected.ts';
import { loadServices, runCell, TIMES } from '../test/faults/run-cell.ts';
import { faultTables, type Row } from './faults-page.ts';
import { replaceBlock } from './replace-block.ts';
import { runScript } from './run.ts';

const PAGE = fileURLToPath(new URL('../docs/reliability.md', import.meta.url));

await runScript(async (signal) => {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, 'at-once': { type: 'string', default: '6' } },
  });
  const only = new RegExp(values.only ?? '', 'i');
  const rows = CELLS.flatMap((cell) => TIMES.map((times) => ({ cell, times }))).filter(
    ({ cell, times }) => cell[times] !== '-' && only.test(nameOf(cell, times)),
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
    const limit = pLimit(Number(values['at-once']));
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
        `${differing.length} cells differ from test/faults/expected.ts: ${differing.map(({ cell, times }) => nameOf(cell, times)).join('; ')}.`,
      );
    if (!values.only) await writeFile(PAGE, await replaceBlock(PAGE, 'faults', faultTables(seen, engine.version)));
  } finally {
    await down({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
  }
});

function nameOf({ run, operation, fault }: Cell, times: string): string {
  return `${run}: ${operation}: ${fault} ${times}`;
}
