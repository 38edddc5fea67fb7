import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { down, up } from '../../src/local/index.ts';
import { type Aws, connect } from '../../src/runtime/engine/connect.ts';
import { startCli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { faultProxy } from '../support/fault-proxy.ts';
import { sharedFolder } from '../support/folder.ts';
import { applied, uniqueName } from '../support/pipelines.ts';
import { putTogether } from '../support/records.ts';

const within = { timeout: 30_000, interval: 100 };

/** The lines of `tail --json`. */
const linesOf = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));

describe.each(['localstack', 'ministack'] as const)('%s', (product) => {
  const dataDir = sharedFolder();
  let aws: Aws;
  beforeAll(async () => {
    const at = product === 'localstack' ? endpoint() : (await up({ engine: product, port: 0, dataDir })).endpoint;
    aws = await connect({ endpoint: at, region: 'us-east-1', account: '000000000000' });
  });
  afterAll(async () => {
    aws.close();
    await down({ dataDir });
  });

  async function newStream(ShardCount: number): Promise<string> {
    const StreamName = uniqueName('tail-stream');
    await aws.call('CreateStream', { StreamName, ShardCount });
    await active(StreamName);
    return StreamName;
  }
  const active = (StreamName: string) =>
    expect
      .poll(
        async () => (await aws.call('DescribeStreamSummary', { StreamName })).StreamDescriptionSummary?.StreamStatus,
        within,
      )
      .toBe('ACTIVE');
  const put = async (StreamName: string, records: Record<string, string | Buffer>) => {
    const Records = Object.entries(records).map(([PartitionKey, data]) => ({ PartitionKey, Data: Buffer.from(data) }));
    expect((await aws.call('PutRecords', { StreamName, Records })).FailedRecordCount ?? 0).toBe(0);
  };

  test('records appear once, as text, JSON or base64; those of shards that a reshard adds, too', async () => {
    const name = await newStream(2);
    await put(name, { before: 'not shown' });
    const { said, ended, stop } = startCli(['tail', name, '--json', '--endpoint', aws.endpoint]);
    const records = () => linesOf(said.stdout).filter(({ type }) => type === 'record');
    const keys = () => records().map(({ partitionKey }) => partitionKey);
    try {
      await expect.poll(() => said.stderr, within).toContain(`following stream ${name}; press Ctrl-C to stop\n`);
      await put(name, { a: '{"id":1}', b: 'plain', c: Buffer.from([0xff, 0]) });
      await expect.poll(keys, within).toHaveLength(3);
      await aws.call('UpdateShardCount', {
        StreamName: name,
        TargetShardCount: 4,
        ScalingType: 'UNIFORM_SCALING',
      });
      await active(name);
      const more = Array.from({ length: 20 }, (_, index) => `more-${index}`);
      await put(name, Object.fromEntries(more.map((key) => [key, key])));
      await expect.poll(() => keys().length, within).toBe(23);
      expect(keys().slice(3).sort()).toEqual(more.sort());
    } catch (error) {
      throw new Error(said.stdout + said.stderr, { cause: error });
    } finally {
      stop();
    }
    expect(await ended).toBe(130);
    const common = { schemaVersion: 1, source: name, at: expect.any(Number), sequenceNumber: expect.any(String) };
    const shard = expect.stringMatching(/^shardId-/);
    expect(records()).toEqual(
      expect.arrayContaining([
        { ...common, type: 'record', shard, partitionKey: 'a', text: '{"id":1}', json: { id: 1 } },
        { ...common, type: 'record', shard, partitionKey: 'b', text: 'plain' },
        { ...common, type: 'record', shard, partitionKey: 'c', base64: '/wA=' },
      ]),
    );
    expect(linesOf(said.stdout).at(-1)).toEqual({
      schemaVersion: 1,
      type: 'summary',
      exitCode: 130,
      counts: { record: 23 },
    });
    await aws.call('DeleteStream', { StreamName: name });
  });

  test('--since shows earlier records, oldest first; a deleted stream ends it with an error', async () => {
    const name = await newStream(4);
    await put(name, { old: 'old' });
    const since = Date.now() + 1;
    await expect.poll(() => Date.now(), within).toBeGreaterThan(since);
    for (const key of ['one', 'two', 'three']) await put(name, { [key]: key });
    const args = ['tail', name, '--since', new Date(since).toISOString(), '--endpoint', aws.endpoint];
    const { said, ended, stop } = startCli(args);
    const seen = () =>
      [...said.stdout.matchAll(/^\d\d:\S+ {2}(\S+): (.*)$/gm)].map(([, key, text]) => `${key} ${text}`);
    try {
      await expect.poll(seen, within).toEqual(['one one', 'two two', 'three three']);
      await put(name, { four: 'four' });
      await expect.poll(() => seen().at(-1), within).toBe('four four');
      await aws.call('DeleteStream', { StreamName: name });
      expect(await ended).toBe(1);
    } finally {
      stop();
    }
    expect(seen()).toHaveLength(4);
    expect(said.stderr).toContain(
      `ready-hooks: The stream ${name} was deleted. Re-create it before you follow it again.`,
    );
  });
});

test('a stream, bucket and function of one name are all followed; stream:NAME follows only the stream', async () => {
  const { name } = await applied(endpoint(), 'tail-kinds');
  const all = startCli(['tail', name, '--endpoint', endpoint()]);
  const one = startCli(['tail', `stream:${name}`, '--endpoint', endpoint()]);
  try {
    await expect
      .poll(() => all.said.stderr, within)
      .toContain(
        `following bucket ${name}, function ${name}, stream ${name}; press Ctrl-C to stop; for only one: tail function:${name}\n`,
      );
    await expect.poll(() => one.said.stderr, within).toContain(`following stream ${name}; press Ctrl-C to stop\n`);
    await putTogether(endpoint(), name, ['event']);
    await expect.poll(() => all.said.stdout, within).toMatch(/ \+ \S+ \(\d+ bytes\)/);
    await expect.poll(() => all.said.stdout, within).toContain(`${name}  together: event\n`);
    await expect.poll(() => one.said.stdout, within).toMatch(/^\S+ {2}together: event\n$/);
  } finally {
    for (const { stop } of [all, one]) stop();
  }
  expect([await all.ended, await one.ended]).toEqual([130, 130]);
});

test('Ctrl-C ends it without waiting for a request that gets no answer', async () => {
  const { name } = await applied(endpoint(), 'tail-held');
  let held = 0;
  const proxy = await faultProxy(endpoint(), async ({ operation, pass }) => {
    if (operation !== 'GetRecords' && operation !== 'FilterLogEvents') return pass();
    held += 1;
    if (held <= 2) return pass();
  });
  const { said, ended, stop } = startCli(['tail', name, '--endpoint', proxy.endpoint]);
  try {
    await expect.poll(() => said.stderr, within).toContain('following');
    await expect.poll(() => held, within).toBeGreaterThan(3);
  } finally {
    stop();
  }
  expect(await ended).toBe(130);
  await proxy.close();
  // Printed if it has to be ended after a time limit.
  expect(said.stderr).not.toContain('Stopped by');
});
