import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withLock } from '../../src/local/machine/lock.ts';
import { startCli } from './cli.ts';
import { latest } from './project.ts';

// An engine that knows its one stream and answers no other request of AWS, one that never answers at all, and one that has
// next to nothing. Nothing listens at the port of the fourth.
type EngineName = 'hanging' | 'silent' | 'empty' | 'closed';
const servers = new Map<EngineName, Server>();
const requests: Record<string, number> = {};
let folder: string;
let release: () => void = () => undefined;
function answerDetection({ url }: IncomingMessage, response: ServerResponse): void {
  if (url?.startsWith('/_localstack/')) response.end('{"version":"4.14.0"}');
  else response.writeHead(404).end();
}

const isFor = ({ headers }: IncomingMessage, operation: string) =>
  String(headers['x-amz-target']).endsWith(`.${operation}`);

function kinesis(response: ServerResponse, answer: object): void {
  response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(answer));
}

const EXIT = { SIGINT: 130, SIGTERM: 143 } as const;
const DEFINITION = 'FOLDER/pipeline.json';
const PIPELINE = {
  streams: { s: {} },
  functions: { f: { entry: './f.mjs' } },
  eventSourceMappings: [latest('s', 'f')],
};
const LOCKED_PORT = 4999;

interface Case {
  command: string;
  args: string[];
  situation: 'request in flight' | 'engine hangs' | 'idle' | 'reads standard input';
  engine: EngineName;
  /** Printed once the situation is reached. Default: the engine got one more request. */
  printed?: string;
  /** How many requests the engine got by then. Default: 1. */
  asked?: number;
}

const COMMANDS: [string, string[]][] = [
  ['apply', [DEFINITION]],
  ['destroy', [DEFINITION]],
  ['dev', [DEFINITION]],
  ['doctor', [DEFINITION]],
  ['plan', [DEFINITION]],
  ['send', ['s', 'package.json', '--raw']],
  ['status', [DEFINITION]],
  ['status', [DEFINITION, '--wait']],
  ['tail', ['hallow-events']],
];
const asked = COMMANDS.flatMap(([command, args]): Case[] => [
  { command, args, situation: 'request in flight', engine: 'hanging' },
  { command, args, situation: 'engine hangs', engine: 'silent' },
]);
const idle: Omit<Case, 'situation'>[] = [
  { command: 'apply', args: ['FOLDER/existing.json'], engine: 'empty', printed: 'waiting for it to be created' },
  { command: 'dev', args: ['FOLDER/broken.json'], engine: 'empty', printed: 'buckets' },
  { command: 'send', args: ['s', 'FOLDER/two.jsonl', '--rate', '0.01'], engine: 'empty', asked: 2 },
  { command: 'status', args: [DEFINITION, '--wait'], engine: 'closed', printed: 'waiting' },
  { command: 'tail', args: ['orders'], engine: 'empty', asked: 5 },
];
const cases: Case[] = [
  ...asked,
  ...idle.map((each) => ({ ...each, situation: 'idle' as const })),
  { command: 'send', args: ['s'], situation: 'reads standard input', engine: 'hanging' },
];
const results: object[] = [];

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Tests that signals stop the commands: all of them in every situation, or those selected. */
export function testStops(isSelected: (each: { signal: string; situation: string }) => boolean = () => true): void {
  const every = cases.flatMap((each) => SIGNALS.map((signal) => ({ ...each, signal })));
  const selected = every.filter(isSelected);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ready-hooks-stop-'));
    await writeFile(join(folder, 'pipeline.json'), JSON.stringify(PIPELINE));
    await writeFile(join(folder, 'f.mjs'), 'export const handler = () => {};');
    await writeFile(join(folder, 'broken.json'), '{"buckets":1}');
    await writeFile(join(folder, 'existing.json'), '{"streams":{"gone":{"existing":true}}}');
    await writeFile(join(folder, 'two.jsonl'), '1\n2\n');
    const answers = {
      hanging: (request: IncomingMessage, response: ServerResponse) => {
        if (request.url?.startsWith('/_')) return answerDetection(request, response);
        requests['hanging'] = (requests['hanging'] ?? 0) + 1;
        if (isFor(request, 'ListStreams')) kinesis(response, { StreamNames: ['s'], HasMoreStreams: false });
      },
      silent: () => {
        requests['silent'] = (requests['silent'] ?? 0) + 1;
      },
      empty: (request: IncomingMessage, response: ServerResponse) => {
        if (request.url?.startsWith('/_')) return answerDetection(request, response);
        requests['empty'] = (requests['empty'] ?? 0) + 1;
        if (isFor(request, 'ListStreams')) return kinesis(response, { StreamNames: ['s'], HasMoreStreams: false });
        if (isFor(request, 'PutRecords'))
          return kinesis(response, { FailedRecordCount: 0, Records: [{ SequenceNumber: '1', ShardId: '1' }] });
        if (request.url?.includes('/functions')) return void response.end('{"Functions":[]}');
        const bucket = '<Buckets><Bucket><Name>orders</Name></Bucket></Buckets>';
        response.end(request.url?.startsWith('/orders') ? '<ListBucketResult/>' : `<R>${bucket}</R>`);
      },
    };
    for (const [name, answer] of Object.entries(answers)) {
      const server = createServer(answer);
      servers.set(name as EngineName, server);
      await once(server.listen(0, '127.0.0.1'), 'listening');
    }
    const held = new Promise<void>((done) => {
      release = done;
    });
    await new Promise<void>((locked) => {
      void withLock(join(folder, 'engines', `${LOCKED_PORT}.lock`), {}, () => {
        locked();
        return held;
      });
    });
  });
  afterAll(async () => {
    for (const server of servers.values()) server.close().closeAllConnections();
    release();
    // For `npm run stops`.
    const file = process.env['READY_HOOKS_STOPS'];
    if (file) await writeFile(file, JSON.stringify(results));
    await rm(folder, { recursive: true, force: true });
  });

  test.each(selected)(
    '$signal stops $command $args ($situation)',
    async ({ command, args, situation, engine, signal, ...reached }) => {
      const endpoint = `http://127.0.0.1:${(servers.get(engine)?.address() as AddressInfo | undefined)?.port ?? 1}`;
      const given = args.map((arg) => arg.replace('FOLDER', folder));
      const { code, ms, said } = await stopped([command, ...given, '--endpoint', endpoint], signal, engine, reached);
      results.push({ command: args.includes('--wait') ? `${command} --wait` : command, situation, signal, code, ms });
      expect(code).toBe(EXIT[signal]);
      expect(ms).toBeLessThan(3_000);
      // dev and tail run until they are stopped, so they need not say so.
      expect(said.stderr).toMatch(
        ['dev', 'tail'].includes(command)
          ? /^(ready-hooks: [^\n]+\n)*$/
          : /^([\w-]+: [^\n]+\n|[^\n]+ waiting [^\n]+\n)+$/,
      );
      expect(said.stderr + said.stdout).not.toMatch(/bug| at .*\.ts/);
      if (situation === 'reads standard input')
        expect(said.stderr).toBe(
          `ready-hooks: sent 0 records to s before this error\nready-hooks: Stopped by ${signal}.\n`,
        );
    },
  );

  test.each(['SIGINT', 'SIGTERM'] as const)('%s stops up while it waits for another up', async (signal) => {
    const args = ['up', '--engine', 'ministack', '--port', String(LOCKED_PORT)];
    const { code, ms, said } = await stopped(args, signal, 'closed', { printed: 'waiting for another process' });
    results.push({ command: 'up', situation: 'idle', signal, code, ms });
    expect({ code, last: said.stderr.split('\n').at(-2) }).toEqual({
      code: EXIT[signal],
      last: 'ready-hooks: Stopped while waiting for another ready-hooks process.',
    });
    expect(ms).toBeLessThan(3_000);
  });
}

/** Starts a command, stops it in the situation, and measures how long it takes to end. */
async function stopped(
  args: string[],
  signal: keyof typeof EXIT,
  engine: EngineName,
  { printed, asked = 1 }: Pick<Case, 'printed' | 'asked'>,
) {
  const before = requests[engine] ?? 0;
  const { said, ended, stop } = startCli(args, { env: { READY_HOOKS_CACHE_DIR: folder } });
  const isReached = () =>
    printed ? (said.stdout + said.stderr).includes(printed) : (requests[engine] ?? 0) >= before + asked;
  await expect.poll(isReached, { timeout: 20_000, interval: 20 }).toBe(true);
  const stoppedAt = performance.now();
  stop(signal);
  const code = await ended;
  return { code, ms: Math.round(performance.now() - stoppedAt), said };
}
