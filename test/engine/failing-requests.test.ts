import { describe, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { faultProxy } from '../support/fault-proxy.ts';
import { breaking, type Fault } from '../support/faults/faults.ts';
import { folderWith } from '../support/folder.ts';

const NAME = 'failing-requests';
const DEFINITION = JSON.stringify({ buckets: { [NAME]: {} }, streams: { [NAME]: {} } });
const LOG = "Check the engine's log";
const RUNS = 'Check that the engine still runs there';
const PROXY = 'check that no proxy is in between';

describe.concurrent('a request that is sent once fails in a sentence, and never as a bug', () => {
  test.each<[command: string, operation: string, Fault, advice: string]>([
    ['destroy init/10-a.json', 'ListObjectVersions', 'HTTP 500', LOG],
    ['destroy init/10-a.json', 'ListObjectVersions', 'malformed body', PROXY],
    ['plan', 'ListStreams', 'HTTP 503', LOG],
    ['status', 'ListStreams', 'reset while answering', PROXY],
    ['doctor', 'ListEventSourceMappings', 'empty body', PROXY],
    [`send ${NAME}`, 'ListStreams', 'throttling', LOG],
    [`send ${NAME}`, 'ListStreams', 'malformed body', PROXY],
    [`tail ${NAME}`, 'ListBuckets', 'HTTP 500', LOG],
    [`tail ${NAME}`, 'ListBuckets', 'connection refused', RUNS],
    ['reset --timeout 2', 'ListObjectVersions', 'HTTP 503', LOG],
  ])('%s, %s: %s', async (command, operation, fault, advice) => {
    const cwd = folderWith({ 'init/10-a.json': DEFINITION });
    const proxy = await faultProxy(endpoint(), breaking(operation, fault, true).handle);
    try {
      const { code, stdout, stderr } = await cli([...command.split(' '), '--endpoint', proxy.endpoint], { cwd });
      expect(stdout + stderr).not.toContain('bug');
      expect(stderr).toMatch(
        new RegExp(`^ready-hooks: (${operation}|A request) at ${proxy.endpoint} failed: .*${advice}.*\\.$`, 'm'),
      );
      expect(code).toBe(1);
    } finally {
      await proxy.close();
    }
  });
});

test('a pipeline that is ready stays so if the check for what is left over fails', async () => {
  const cwd = folderWith({ 'init/10-a.json': DEFINITION });
  const proxy = await faultProxy(endpoint(), breaking('ListFunctions', 'HTTP 500', true).handle);
  try {
    const { code, stdout } = await cli(['apply', '--endpoint', proxy.endpoint], { cwd });
    expect(stdout).toMatch(/10-a is ready/);
    expect(stdout).toContain(`ListFunctions at ${proxy.endpoint} failed: InternalError`);
    expect(code).toBe(0);
  } finally {
    await proxy.close();
  }
  expect((await cli(['destroy', 'init/10-a.json', '--endpoint', endpoint()], { cwd })).code).toBe(0);
});
