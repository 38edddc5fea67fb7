import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../src/local/machine/command.ts';
import { engineAt } from '../../src/runtime/engine/connect.ts';
import { LOCALSTACK, type Prepared } from './engine.ts';
import { oneByOne } from './floor.ts';
import { buildHook } from './hook.ts';
import { BEGAN, ENDED, mark, timeOf } from './marks.ts';
import { newNames } from './pipeline.ts';
import { rawClient } from './raw.ts';
import { type Spread, spreadOf, timed } from './stats.ts';

const IMAGE = `localstack/localstack:${LOCALSTACK}`;
const SOCKET = '/var/run/docker.sock';

/** Milliseconds of a start in a new container. */
export interface ContainerCold {
  /** The raw requests of one pipeline, one at a time, as the first ones that a new container gets. */
  raw: Spread;
  /** `docker run` → LocalStack starts its hooks. */
  engine: Spread;
  /** → the hook ends: ready. */
  hook: Spread;
}

/** Undefined without Docker or the image. */
export async function containerStarts(prepared: Prepared, rounds: number): Promise<ContainerCold | undefined> {
  const hasImage = await run('docker', ['image', 'inspect', IMAGE]).catch(() => undefined);
  if (hasImage === undefined) return undefined;
  const runs: Record<keyof ContainerCold, number>[] = [];
  for (let round = 1; round <= rounds; round++) {
    const ms = { raw: await rawStart(prepared), ...(await hookStart(prepared)) };
    console.log(
      `container, round ${round} of ${rounds}: ${Object.entries(ms)
        .map(([name, each]) => `${name} ${Math.round(each)}`)
        .join(', ')} ms`,
    );
    runs.push(ms);
  }
  const spread = (part: keyof ContainerCold) => spreadOf(runs.map((each) => each[part]));
  return { raw: spread('raw'), engine: spread('engine'), hook: spread('hook') };
}

function rawStart({ zip, signal }: Prepared): Promise<number> {
  return withContainer([], async (endpoint) => {
    await engineAt({ endpoint, connectTimeoutMs: 60_000, signal });
    const client = rawClient(endpoint);
    try {
      return (await timed(() => oneByOne(client, newNames('container'), zip))).ms;
    } finally {
      client.close();
    }
  });
}

async function hookStart({ folder, signal }: Prepared): Promise<{ engine: number; hook: number }> {
  const own = await mkdtemp(join(folder, 'container-'));
  const marks = join(own, 'marks');
  await mkdir(marks);
  const script = await buildHook(folder, newNames('container'));
  const hooksDir = join(script, '..');
  const scripts = [join(hooksDir, BEGAN), join(hooksDir, ENDED)] as const;
  await mark(scripts[0], '/marks/began');
  await mark(scripts[1], '/marks/ended');
  try {
    const startedAt = Date.now();
    const volumes = ['-v', `${hooksDir}:/etc/localstack/init/ready.d:ro`, '-v', `${marks}:/marks`];
    return await withContainer(volumes, async () => {
      const endedAt = await timeOf(join(marks, 'ended'), signal);
      const beganAt = await timeOf(join(marks, 'began'), signal);
      return { engine: beganAt - startedAt, hook: endedAt - beganAt };
    });
  } finally {
    for (const path of [...scripts, own]) await rm(path, { recursive: true, force: true });
  }
}

async function withContainer<T>(options: string[], work: (endpoint: string) => Promise<T>): Promise<T> {
  const common = ['-p', '127.0.0.1::4566', '-v', `${SOCKET}:${SOCKET}`, '-e', 'DISABLE_EVENTS=1'];
  const id = (await run('docker', ['run', '-d', '--rm', ...common, ...options, IMAGE])).trim();
  try {
    const published = (await run('docker', ['port', id, '4566/tcp'])).trim().split('\n')[0];
    return await work(`http://${published}`);
  } finally {
    await run('docker', ['stop', '-t', '30', id]);
  }
}
