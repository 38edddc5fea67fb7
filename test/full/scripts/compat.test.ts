import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ENGINES, NODES } from '../../../scripts/compat/engines.ts';
import { installNodes, runEngine } from '../../../scripts/compat/matrix.ts';
import { cliCommand } from '../../support/cli.ts';
import { endpoint } from '../../support/engine.ts';
import { hookFolder } from '../../support/faults/kill.ts';
import { samplePipeline, uniqueName } from '../../support/pipelines.ts';

// One cell of `npm run compat`, which runs all: the oldest Node with the default LocalStack.
test('a hook on Node 18 and LocalStack 4.14.0 without Docker passes every check of the matrix', async ({ signal }) => {
  const engine = ENGINES.find(({ name }) => name === 'LocalStack 4.14.0 without Docker');
  if (!engine) throw new Error('The matrix has lost its default engine');
  const [cell] = await runEngine(engine, { nodes: ['18'], signal });
  expect(cell?.outcomes).toEqual({ hook: 'ok', events: 'ok', 're-run': 'ok', status: 'ok', doctor: 'ok' });
});

test('a proxy in the environment is not used, even by a Node that supports it', async () => {
  await installNodes();
  const asked: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    outgoing.writeHead(502).end();
  });
  proxy.on('connect', ({ url }, socket) => {
    asked.push(`CONNECT ${url}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const hooks = await hookFolder();
  const sample = samplePipeline(uniqueName('proxy'));
  await hooks.add(sample);
  try {
    const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: address, HTTPS_PROXY: address, AWS_ENDPOINT_URL: endpoint() };
    const hook = [join(hooks.folder, 'ready-hooks.cjs'), join(hooks.folder, sample.name)];
    const run = (args: string[]) => promisify(execFile)(join(NODES, 'node_modules/node24/bin/node'), args, { env });
    expect((await run(hook)).stdout).toMatch(/is ready in .* 4 created$/m);
    const [, ...command] = cliCommand(['plan', 'init/10-hallow-events.ts', '--endpoint', endpoint()]);
    expect((await run(command)).stdout).toMatch(/ stream hallow-event-stream/);
    expect(asked).toEqual([]);
  } finally {
    proxy.close();
    await rm(hooks.folder, { recursive: true, force: true });
  }
});
