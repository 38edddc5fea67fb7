import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hookFolder } from '../faults/kill.ts';
import { endpoint } from '../support/engine.ts';
import { uniqueName } from '../support/pipelines.ts';

let hooks: Awaited<ReturnType<typeof hookFolder>>;
beforeAll(async () => {
  hooks = await hookFolder();
});
afterAll(() => rm(hooks.folder, { recursive: true, force: true }));

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends a waiting hook at once, with what was done and what was not',
  async (signal) => {
    const name = uniqueName('stop');
    await mkdir(join(hooks.folder, name));
    const pipeline = {
      buckets: { [name]: {} },
      streams: { [name]: { existing: true, wait: { timeoutMs: 60_000 } } },
      functions: { [name]: { existing: true, wait: { timeoutMs: 60_000 } } },
      eventSourceMappings: [{ stream: name, function: name, startingPosition: 'LATEST' }],
    };
    await writeFile(join(hooks.folder, name, 'pipeline.json'), JSON.stringify(pipeline));
    const child = spawn(process.execPath, [join(hooks.folder, 'ready-hooks.mjs'), join(hooks.folder, name)], {
      env: { AWS_ENDPOINT_URL: endpoint() },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    const isReady = `bucket ${name}: ready`;
    const waits = [isReady, `stream ${name}: waiting`, `function ${name}: waiting`];
    await expect.poll(() => waits.every((line) => said.includes(line)), { timeout: 20_000, interval: 20 }).toBe(true);
    child.kill(signal);
    const code = await new Promise((done) => child.once('close', done));
    expect(code).not.toBe(0);
    expect(said).toMatch(new RegExp(`ready +bucket ${name}\\n`));
    expect(said).toMatch(new RegExp(`not attempted +event source mapping ${name}`));
  },
);
