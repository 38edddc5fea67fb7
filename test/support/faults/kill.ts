import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtimeBundle } from '../../../src/build/ready-d/runtime.ts';
import type { Runnable } from '../../../src/runtime/apply/apply.ts';
import { zipFiles } from '../../../src/runtime/contents/zip.ts';
import { faultProxy } from '../fault-proxy.ts';

/** The file name of the sample functions' zip. */
export const RECORDER = 'recorder.zip';

/** The files for the samples' seeds. */
export const SEEDS: ReadonlyMap<string, Uint8Array> = new Map([
  ['records.jsonl', Buffer.from('1\n2\n3\n')],
  [
    'objects.zip',
    await zipFiles([
      { path: 'seed/one', bytes: Buffer.of() },
      { path: 'seed/two', bytes: Buffer.of() },
    ]),
  ],
]);

/** When to kill a hook: at its n-th request, before the engine receives it or after the engine has answered it. */
export interface KillPoint {
  request: number;
  when: 'before' | 'after';
}

/** A ready.d folder with the runtime; `add` adds a pipeline, or replaces the one with its name. */
export async function hookFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-kill-'));
  await writeFile(join(folder, 'ready-hooks.cjs'), (await runtimeBundle()).bytes);
  return {
    folder,
    async add({ name, pipeline, codes }: Runnable) {
      await mkdir(join(folder, name), { recursive: true });
      await writeFile(join(folder, name, 'pipeline.json'), JSON.stringify(pipeline));
      const [code] = codes.values();
      await writeFile(join(folder, name, RECORDER), code?.zip ?? '');
      for (const [file, bytes] of SEEDS) await writeFile(join(folder, name, file), bytes);
    },
  };
}

/** Runs a hook as a process, and kills it with SIGKILL at the kill point, if any. Returns how it ended, its output and its operations. */
export async function runHook(engine: string, folder: string, name: string, kill?: KillPoint) {
  const operations: string[] = [];
  let die = () => {};
  const proxy = await faultProxy(engine, async ({ operation, forward, pass }) => {
    operations.push(operation);
    if (operations.length !== kill?.request) return pass();
    if (kill.when === 'after') await forward();
    die();
  });
  const child = spawn(process.execPath, [join(folder, 'ready-hooks.cjs'), join(folder, name)], {
    env: { AWS_ENDPOINT_URL: proxy.endpoint },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  die = () => child.kill('SIGKILL');
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const end = await new Promise<string>((done) =>
    child.once('close', (code, signal) => done(signal ?? `code ${code}`)),
  );
  await proxy.close();
  return { end, said, operations };
}
