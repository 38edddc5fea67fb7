import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findDefinitions } from '../src/build/load/definitions.ts';
import { build } from '../src/build/ready-d/build.ts';
import { endLive, live, paint, print } from '../src/cli/terminal.ts';
import type { EngineChoice } from '../src/local/choose-engine.ts';
import { startEngine } from '../src/local/start.ts';
import { ExpectedError } from '../src/runtime/errors.ts';
import { sendEvents, waitForEvents } from '../test/support/events.ts';

const READY_D = 'init/ready.d';
const TIMELINES = '.ready-hooks/timeline';
const EVENTS = 20;
const BUCKET = 'hallow-events';
const STREAM = 'hallow-event-stream';

/** `npm start`: builds the hook, starts an engine with it, sends events, and waits for them in S3. */
export async function start(options: { engine: EngineChoice; port: number; signal: AbortSignal }): Promise<void> {
  const built = await build({ definitions: await findDefinitions('init'), outDir: READY_D, onProgress: console.log });
  console.log(`built ${READY_D}: ${built.summary}`);
  await rm(TIMELINES, { recursive: true, force: true });
  const env = { READY_HOOKS_TIMELINE: `${resolve(TIMELINES)}/` };
  const started = await startEngine({
    ...options,
    env,
    hooksDir: resolve(READY_D),
    onProgress: (line) => {
      print(line);
      live(line);
    },
    onHookLog: (line) => {
      print(line);
      live('running the hook');
    },
  });
  endLive();
  const { endpoint } = started;
  if (!started.fresh) await runHooks(built.hooks, { ...env, AWS_ENDPOINT_URL: endpoint });

  console.log(`sending ${EVENTS} events to the stream ${STREAM}`);
  const ids = await sendEvents(endpoint, STREAM, EVENTS);
  let delivered = 0;
  live(() => `${delivered} of ${EVENTS} in S3`);
  const onProgress = (count: number) => {
    delivered = count;
  };
  const { counts, keys } = await waitForEvents(endpoint, BUCKET, ids, { onProgress });
  endLive();
  for (const key of keys) console.log(`  s3://${BUCKET}/${key}`);
  const twice = [...counts.values()].filter((n) => n > 1).length;
  if (twice > 0)
    throw new ExpectedError(`${twice} of ${EVENTS} events are in S3 more than once, expected each exactly once.`);
  const pictures = built.hooks.map((hook) => join(TIMELINES, `${hook}.svg`)).filter(existsSync);
  const more = options.port === 4566 ? '' : ` -- --port ${options.port}`;
  console.log(`
engine  ${endpoint} (still running; log: ${started.log})
list    curl ${endpoint}/${BUCKET}
${pictures.map((file) => `time    ${file}\n`).join('')}again   npm start${more}
stop    npm stop${more}
`);
  console.log(paint('good', `${counts.size} of ${EVENTS} events delivered`));
}

/** An engine that was already running has finished its hooks, so runs the same files again from here. */
async function runHooks(hooks: readonly string[], env: Record<string, string>): Promise<void> {
  for (const hook of hooks) {
    const child = spawn('sh', [join(READY_D, `${hook}.sh`)], {
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    const code = await new Promise((done, failed) => child.once('exit', done).once('error', failed));
    if (code !== 0) throw new ExpectedError(`The hook ${hook} failed (exit code ${code}); see the reason above.`);
  }
}
