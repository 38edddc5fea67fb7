import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { down, up } from '../src/local/index.ts';
import { ExpectedError } from '../src/runtime/errors.ts';
import { count, runScript, script } from './run.ts';
import { EVENTS_PER_RUN, ours, plainLatest, soak } from './soak-runs.ts';

const CONTROL_RUNS = 8;
/** From the return of apply until the first event is on its way; later, and the test would not see what is lost at first. */
const FIRST_SENT_LIMIT_MS = 50;

const command = script(
  'npm run soak',
  'Brings pipelines up, sends events to each the moment it is ready, and counts what is lost, beside a plain LATEST mapping as control.',
)
  .option('--runs <n>', 'how many pipelines', count, 48)
  .option('--at-once <n>', 'how many at the same time', count, 8);

await runScript<{ runs: number; atOnce: number }>(command, async ({ runs, atOnce }, signal) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-soak-'));
  const startedAt = performance.now();
  try {
    const { endpoint, version } = await up({ port: 0, dataDir, signal, onProgress: console.log });
    console.log(`soak on LocalStack ${version}: ${runs} runs of ${EVENTS_PER_RUN} events, ${atOnce} at once`);
    const tally = await soak({ endpoint, runs, atOnce, bringUp: ours, signal });
    console.log('ours   ', tally);
    const control = await soak({ endpoint, runs: CONTROL_RUNS, atOnce, bringUp: plainLatest, signal });
    console.log('control', control);
    console.log(`${Math.round((performance.now() - startedAt) / 1000)} s`);
    const { lost, twice, older } = tally;
    if (lost + twice + older > 0)
      throw new ExpectedError(
        `Of ${tally.sent} events ${lost} were lost, ${twice} handled more than once, and ${older} older ones were delivered; expected none.`,
      );
    if (tally.firstSentMs > FIRST_SENT_LIMIT_MS)
      throw new ExpectedError(
        `The first event of a run was sent ${tally.firstSentMs} ms after apply had returned, which proves too little; expected at most ${FIRST_SENT_LIMIT_MS} ms: run it with a smaller --at-once.`,
      );
    if (control.lost === 0)
      throw new ExpectedError('The control lost nothing, so this run proves nothing: run it again.');
  } finally {
    await down({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
  }
});
