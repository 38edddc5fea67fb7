import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { down } from '../../src/local/index.ts';
import { freePort } from '../../src/local/machine/port.ts';
import { cli, onTerminal } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { sharedFolder } from '../support/folder.ts';
import { uniqueName } from '../support/pipelines.ts';
import { CTRL_C } from '../support/terminal.ts';

const name = uniqueName('terminal');
const HANDLER = 'export const handler = async () => 1;\n';
const cwd = sharedFolder({
  'dev/10-dev.json': JSON.stringify({
    streams: { [name]: {} },
    functions: { [name]: { entry: './functions/handler.mjs' } },
    eventSourceMappings: [{ stream: name, function: name, startingPosition: 'LATEST' }],
  }),
  'dev/functions/handler.mjs': HANDLER,
  'failing/10-broken.sh': '#!/bin/sh\nsleep 2\necho "ready-hooks: no such thing"\nexit 1\n',
  'waiting/10-absent.json': '{"streams":{"absent":{"existing":true,"wait":{"timeoutMs":60000}}}}',
});
const env = { AWS_ENDPOINT_URL: endpoint() };
beforeAll(() => chmodSync(join(cwd, 'failing/10-broken.sh'), 0o755));
afterAll(() => cli(['destroy', 'dev/10-dev.json'], { cwd, env }));

test('dev on a terminal: an error in red, its fix in green, Ctrl-C', async () => {
  const handler = join(cwd, 'dev/functions/handler.mjs');
  const terminal = onTerminal(['dev', 'dev'], { cwd, env });
  await terminal.shows('3 created');
  writeFileSync(handler, 'export const handler = async ( => 1;\n');
  await terminal.shows('waiting for a fix');
  writeFileSync(handler, HANDLER.replace('1', '2'));
  await terminal.shows(/1 updated/);
  terminal.type(CTRL_C);
  expect(await terminal.ended).toBe(130);
  expect(terminal.left()).toEqual([]);
  expect(terminal.coloured()).toMatch(/^ready-hooks: <red>Function \S+ .*10-dev\.json\) does not compile:<\/>$/m);
  expect(terminal.coloured()).toMatch(/^ready-hooks: <green>10-dev is ready in .* 1 updated.*<\/>$/m);
  expect(terminal.text()).not.toMatch(/\^C|…/);
});

const up = async (hooks: string) => {
  const port = await freePort();
  started.push(port);
  return onTerminal(['up', '--engine', 'localstack', '--port', String(port), '--hooks', hooks], { cwd });
};
const started: number[] = [];
afterEach(async () => {
  for (const port of started.splice(0)) {
    const engine = await down({ port });
    if (engine) rmSync(engine.dataDir, { recursive: true, force: true });
  }
});

test('up with a failing hook on a terminal: its output, and the reason in red', async () => {
  const terminal = await up('failing');
  await terminal.shows(/^(starting LocalStack|running hooks).* … \d+ s$/m);
  expect(await terminal.ended).toBe(1);
  expect(terminal.text()).toMatch(/^ready-hooks: no such thing$/m);
  expect(terminal.coloured()).toMatch(/\n<red>ready-hooks: The hook 10-broken\.sh failed; .* still runs at .*<\/>$/);
  expect(terminal.text()).not.toContain('…');
});

test('Ctrl-C while up runs hooks stops the engine, too', async () => {
  await cli(['build', 'waiting', '--out', 'waiting/ready.d'], { cwd });
  const terminal = await up('waiting/ready.d');
  await terminal.shows('waiting for it to be created');
  terminal.type(CTRL_C);
  expect(await terminal.ended).toBe(130);
  expect(terminal.text()).toMatch(
    /\nready-hooks: Stopped while LocalStack ran its hooks; LocalStack is stopped, too\.$/,
  );
  expect(terminal.left()).toEqual([]);
});
