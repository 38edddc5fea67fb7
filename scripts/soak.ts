import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { down, up } from '../src/local/index.ts';
import { ExpectedError } from '../src/runtime/errors.ts';
import { count, runScript, script } from './run.ts';
import { type EditTally, soakEdits } from './soak-edits.ts';
import { EVENTS_PER_RUN, plainLatest, readyHooks, soak, type Tally } from './soak-runs.ts';

const CONTROL_RUNS = 8;
/** From the return of apply until the first event is sent. If it is later, the run could miss an early loss. */
const FIRST_SENT_LIMIT_MS = 50;

const command = script(
  'npm run soak',
  'Create pipelines, send events to each as soon as it is ready, and count the lost ones, with a plain LATEST mapping as a control.',
)
  .option('--runs <n>', 'number of pipelines', count, 48)
  .option('--at-once <n>', 'number of pipelines to run in parallel', count, 8)
  .option('--edit', 'rename, remove and re-create the function of each pipeline, and prune (default: only create)')
  .option(
    '--endpoint <url>',
    'a running engine, such as LocalStack in Docker (default: start LocalStack without Docker)',
  );

interface Options {
  runs: number;
  atOnce: number;
  edit?: boolean;
  endpoint?: string;
}

await runScript<Options>(command, (options, signal) =>
  options.endpoint ? soakOn(options.endpoint, options, signal) : soakOnNewEngine(options, signal),
);

async function soakOnNewEngine(options: Options, signal: AbortSignal): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ready-hooks-soak-'));
  try {
    const { endpoint, version } = await up({ port: 0, dataDir, signal, onProgress: console.log });
    console.log(`started LocalStack ${version}`);
    await soakOn(endpoint, options, signal);
  } finally {
    await down({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function soakOn(endpoint: string, { runs, atOnce, edit }: Options, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  const seconds = () => console.log(`${Math.round((performance.now() - startedAt) / 1000)} s`);
  if (edit) {
    console.log(`soak on ${endpoint}: ${runs} pipelines, each edited three times, ${atOnce} in parallel`);
    const tally = await soakEdits({ endpoint, runs, atOnce, signal });
    console.log('ready-hooks', tally);
    seconds();
    return checkEdits(tally);
  }
  console.log(`soak on ${endpoint}: ${runs} runs of ${EVENTS_PER_RUN} events, ${atOnce} in parallel`);
  const tally = await soak({ endpoint, runs, atOnce, bringUp: readyHooks, signal });
  console.log('ready-hooks', tally);
  const control = await soak({ endpoint, runs: CONTROL_RUNS, atOnce, bringUp: plainLatest, signal });
  console.log('control    ', control);
  seconds();
  check(tally, control);
}

function checkEdits({ sent, lost, twice, unwanted }: EditTally): void {
  if (lost + twice + unwanted > 0)
    throw new ExpectedError(
      `Of ${sent} events, ${lost} were lost, ${twice} were handled more than once and ${unwanted} were handled by a function that was removed. Expected none of these.`,
    );
}

function check({ sent, lost, twice, older, firstSentMs }: Tally, control: Tally): void {
  if (lost + twice + older > 0)
    throw new ExpectedError(
      `Of ${sent} events, ${lost} were lost and ${twice} were handled more than once; ${older} older ones were delivered. Expected none of these.`,
    );
  if (firstSentMs > FIRST_SENT_LIMIT_MS)
    throw new ExpectedError(
      `The first event of a run was sent ${firstSentMs} ms after apply returned, too late to prove anything; expected at most ${FIRST_SENT_LIMIT_MS} ms. Run again with a smaller --at-once.`,
    );
  if (control.lost === 0)
    throw new ExpectedError('The control lost nothing, so this run proves nothing. Run it again.');
}
