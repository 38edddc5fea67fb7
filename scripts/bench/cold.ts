import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { down, up } from '../../src/local/index.ts';
import { TimeoutError } from '../../src/runtime/errors.ts';
import { LOCALSTACK, type Prepared } from './engine.ts';
import { buildHook } from './hook.ts';
import { BEGAN, ENDED, mark, timeOf } from './marks.ts';
import { newNames } from './pipeline.ts';
import { raw, rawClient } from './raw.ts';
import { type Spread, spreadOf } from './stats.ts';

/** Milliseconds of a start from nothing, in order. */
export interface Cold {
  /** The raw requests of one pipeline, one at a time, as the first ones that a new engine gets. */
  raw: Spread;
  /** Process start → LocalStack starts its hooks, which is when its gateway answers. */
  engine: Spread;
  /** → the hook ends: ready. Meanwhile the engine loads its services. */
  hook: Spread;
  /** → an event sent at that moment is in S3. */
  event: Spread;
}

type Part = Exclude<keyof Cold, 'raw'>;

const EVENT_LIMIT_MS = 60_000;

/** Starts LocalStack with the hook in its ready.d, between two hooks that record the time. */
export async function coldStarts(prepared: Prepared, rounds: number): Promise<Omit<Cold, 'raw'>> {
  const runs: Record<Part, number>[] = [];
  for (let round = 1; round <= rounds; round++) {
    const run = await coldStart(prepared);
    runs.push(run);
    console.log(
      `cold start, round ${round} of ${rounds}: ${JSON.stringify(run, (_, ms) => (typeof ms === 'number' ? Math.round(ms) : ms))}`,
    );
  }
  const spread = (part: Part) => spreadOf(runs.map((run) => run[part]));
  return { engine: spread('engine'), hook: spread('hook'), event: spread('event') };
}

async function coldStart({ folder, signal }: Prepared): Promise<Record<Part, number>> {
  const [name = ''] = newNames('cold');
  await buildHook(folder, [name]);
  const hooksDir = join(folder, 'ready.d');
  const [began, ended] = [join(folder, 'began'), join(folder, 'ended')];
  const marks = [join(hooksDir, BEGAN), join(hooksDir, ENDED)] as const;
  await mark(marks[0], began);
  await mark(marks[1], ended);
  const dataDir = await mkdtemp(join(folder, 'cold-'));
  let startedAt = Date.now();
  try {
    const onProgress = (message: string) => {
      if (message.startsWith('starting ')) startedAt = Date.now();
    };
    const { endpoint } = await up({ port: 0, dataDir, hooksDir, version: LOCALSTACK, signal, onProgress });
    const endedAt = await timeOf(ended, signal);
    const beganAt = await timeOf(began, signal);
    const seenAt = await firstEvent(endpoint, name, signal);
    return { engine: beganAt - startedAt, hook: endedAt - beganAt, event: seenAt - endedAt };
  } finally {
    await down({ dataDir });
    for (const path of [...marks, began, ended, dataDir]) await rm(path, { recursive: true, force: true });
  }
}

/** Sends an event and returns the time when the function's object is in S3. */
async function firstEvent(endpoint: string, name: string, signal: AbortSignal): Promise<number> {
  const client = rawClient(endpoint);
  try {
    await client.call(raw.putRecord(name, 'first'));
    for (const giveUpAt = Date.now() + EVENT_LIMIT_MS; Date.now() < giveUpAt; await sleep(20)) {
      signal.throwIfAborted();
      if ((await client.send(raw.headObject(name, 'first'))).status === 200) return Date.now();
    }
  } finally {
    client.close();
  }
  throw new TimeoutError(`The first event did not arrive in bucket ${name} within ${EVENT_LIMIT_MS / 1000} s.`);
}
