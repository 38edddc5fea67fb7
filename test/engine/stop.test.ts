import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { destroy } from '../../src/runtime/apply/apply.ts';
import { startCli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { hookFolder } from '../support/faults/kill.ts';
import { applied, uniqueName } from '../support/pipelines.ts';
import { recordingProxy } from '../support/proxy.ts';

let hooks: Awaited<ReturnType<typeof hookFolder>>;
beforeAll(async () => {
  hooks = await hookFolder();
});
afterAll(() => rm(hooks.folder, { recursive: true, force: true }));

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends a waiting hook at once, with a list of ready and unfinished steps',
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
    const child = spawn(process.execPath, [join(hooks.folder, 'ready-hooks.cjs'), join(hooks.folder, name)], {
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

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends the health check with a message, even if no engine answers yet',
  async (signal) => {
    await writeFile(join(hooks.folder, '10-any.sh'), '');
    let asked = 0;
    const silent = createServer((client) => {
      asked += 1;
      client.destroy();
    });
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const AWS_ENDPOINT_URL = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const runtime = join(hooks.folder, 'ready-hooks.cjs');
    const child = spawn(process.execPath, [runtime, '--wait'], { env: { AWS_ENDPOINT_URL }, stdio: 'pipe' });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    await expect.poll(() => asked, { timeout: 20_000, interval: 20 }).toBeGreaterThan(1);
    child.kill(signal);
    const [code] = await once(child, 'close');
    silent.close();
    expect({ code, said }).toEqual({ code: 1, said: `ready-hooks: Stopped by ${signal}.\n` });
  },
);

test('Ctrl-C ends send between two records, with the number of sent ones', async () => {
  const sample = await applied(endpoint(), 'stop-send');
  const lines = join(hooks.folder, 'two.jsonl');
  await writeFile(lines, '1\n2\n');
  const proxy = await recordingProxy(endpoint());
  const { said, ended, stop } = startCli(['send', sample.name, lines, '--rate', '0.01', '--endpoint', proxy.endpoint]);
  const puts = () => proxy.exchanges.filter(({ operation }) => operation === 'PutRecords').length;
  await expect.poll(puts, { timeout: 20_000, interval: 20 }).toBe(1);
  stop();
  expect(await ended).toBe(130);
  expect(said.stderr).toBe(
    `ready-hooks: sent 1 record to ${sample.name} before this error\nready-hooks: Stopped by SIGINT.\n`,
  );
  await proxy.close();
  await destroy(sample, { endpoint: endpoint(), emptyBuckets: true });
});
