import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { down, up } from '../src/local/index.ts';
import { ExpectedError } from '../src/runtime/errors.ts';
import { count, runScript, script } from './run.ts';
import { EVENTS_PER_RUN, plainLatest, readyHooks, soak } from './soak-runs.ts';

const CONTROL_RUNS = 8;
/** From the return of apply until the first event is sent. If it is later, the run could miss an early loss. */
const FIRST_SENT_LIMIT_MS = 50;

const command = script(
  'npm run soak',
  'Create pipelines, send events to each as soon as it is ready, and count the lost ones, with a plain LATEST mapping as a control.',
)
  .option('--runs <n>', 'number of pipelines', count, 48)
  .option('--at-once <n>', 'number of pipelines to run in parallel', count, 8);

await runScript<{ runs: number; atOnce: number }>(command, async ({ runs, atOnce }, signal) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-soak-'));
  const startedAt = performance.now();
  try {
    const { endpoint, version } = await up({ port: 0, dataDir, signal, onProgress: console.log });
    console.log(`soak on LocalStack ${version}: ${runs} runs of ${EVENTS_PER_RUN} events, ${atOnce} in parallel`);
    const tally = await soak({ endpoint, runs, atOnce, bringUp: readyHooks, signal });
    console.log('ready-hooks', tally);
    const control = await soak({ endpoint, runs: CONTROL_RUNS, atOnce, bringUp: plainLatest, signal });
    console.log('control    ', control);
    console.log(`${Math.round((performance.now() - startedAt) / 1000)} s`);
    const { lost, twice, older } = tally;
    if (lost + twice + older > 0)
      throw new ExpectedError(
        `Of ${tally.sent} events, ${lost} were lost and ${twice} were handled more than once; ${older} older ones were delivered. Expected none of these.`,
      );
    if (tally.firstSentMs > FIRST_SENT_LIMIT_MS)
      throw new ExpectedError(
        `The first event of a run was sent ${tally.firstSentMs} ms after apply returned, too late to prove anything; expected at most ${FIRST_SENT_LIMIT_MS} ms. Run again with a smaller --at-once.`,
      );
    if (control.lost === 0)
      throw new ExpectedError('The control lost nothing, so this run proves nothing. Run it again.');
  } finally {
    await down({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
  }
});
