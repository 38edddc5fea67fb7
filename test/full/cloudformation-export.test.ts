import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadRunnable } from '../../src/build/load/runnable.ts';
import { apply } from '../../src/runtime/apply/apply.ts';
import { connect } from '../../src/runtime/engine/connect.ts';
import { cli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { sendEvents, waitForEvents } from '../support/events.ts';
import { described } from '../support/faults/described.ts';
import { uniqueName } from '../support/pipelines.ts';
import { pythonTools, said } from '../support/python-tools.ts';

const ENTRY = fileURLToPath(new URL('../../init/functions/hallow-event-distributor.ts', import.meta.url));
/** The value of `BucketSuffix` in the printed commands: the account. */
const SUFFIX = '-000000000000';

let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-export-'));
  const { bin } = await pythonTools();
  env = {
    PATH: `${bin}:${process.env['PATH']}`,
    AWS_ENDPOINT_URL: endpoint(),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    CODE_BUCKET: uniqueName('code'),
    API_KEY: 'a secret',
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A definition with a value other than the default wherever LocalStack keeps it. */
async function definitionFile(name: string): Promise<string> {
  const definition = {
    buckets: { [name]: { objectOwnership: 'BucketOwnerPreferred', tags: { team: 'hallow' } } },
    streams: { [name]: { shardCount: 2, retentionPeriodHours: 48, tags: { team: 'hallow' } } },
    functions: {
      [name]: {
        entry: ENTRY,
        buckets: { BUCKET: name },
        environment: { MODE: `\${MODE:-test}`, API_KEY: `\${API_KEY}` },
        architecture: 'x86_64',
        memorySize: 256,
        timeoutSeconds: 30,
        description: 'sorts events',
        tags: { team: 'hallow' },
      },
    },
    eventSourceMappings: [
      {
        stream: name,
        function: name,
        startingPosition: 'LATEST',
        batchSize: 500,
        maximumBatchingWindowSeconds: 1,
        reportBatchItemFailures: true,
        maximumRetryAttempts: 3,
        maximumRecordAgeSeconds: 3600,
        bisectBatchOnFunctionError: true,
        parallelizationFactor: 2,
        filters: [{ data: { type: ['hallow'] } }],
        onFailure: { bucket: name },
      },
    ],
  };
  const file = join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify(definition));
  return file;
}

/** Runs the printed commands unchanged. */
async function deploy(file: string): Promise<void> {
  const { code, stdout, stderr } = await cli(['export', 'cloudformation', file, '--out', join(folder, 'out')]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const commands = stdout.split('\n').filter((line) => line.startsWith('  aws '));
  expect(commands).toHaveLength(2);
  const events = 'aws cloudformation describe-stack-events --region us-east-1 --stack-name';
  const script = `set -e\naws s3 mb "s3://$CODE_BUCKET" --region us-east-1\n${commands.join('\n')} || ${events} ${basename(file, '.json')}`;
  const ran = await said('sh', ['-c', script], { cwd: fileURLToPath(new URL('../..', import.meta.url)), env });
  expect(ran.said).toMatch(/Successfully created\/updated stack/);
  expect(ran.code, ran.said).toBe(0);
}

/** Paths where two descriptions differ, with both values. */
function differences(one: unknown, other: unknown, path = ''): Record<string, unknown[]> {
  if (JSON.stringify(one) === JSON.stringify(other)) return {};
  const isFields = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (!isFields(one) || !isFields(other)) return { [path]: [one, other] };
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.assign({}, ...keys.map((key) => differences(one[key], other[key], path ? `${path}.${key}` : key)));
}

test('deployed by CloudFormation, it differs from the hook’s pipeline only as the page says, and delivers 20 of 20', async () => {
  const [hooked, stacked] = [uniqueName('hooked'), uniqueName('stacked')];
  const one = await loadRunnable(await definitionFile(hooked), { env });
  expect((await apply(one, { endpoint: endpoint() })).ok).toBe(true);
  const file = await definitionFile(stacked);
  await deploy(file);

  const other = await loadRunnable(file, { env });
  const bucket = `${stacked}${SUFFIX}`;
  const renamed = { ...other.pipeline, buckets: { [bucket]: other.pipeline.buckets[stacked] as object } };
  const [byHook, byStack] = (await Promise.all([
    described(endpoint(), one),
    described(endpoint(), { ...other, pipeline: renamed as never }),
  ])) as unknown[];
  expect(differences(byHook, JSON.parse(JSON.stringify(byStack).replaceAll(SUFFIX, '')))).toEqual({
    // LocalStack's CloudFormation creates streams without these two (and without encryption).
    '1.RetentionPeriodHours': [48, 24],
    '1.Tags': [[{ Key: 'team', Value: 'hallow' }], undefined],
    // The exported zip lacks the wrapper that answers the hook's checks.
    '2.CodeSha256': [expect.any(String), expect.any(String)],
    '2.CodeSize': [expect.any(Number), expect.any(Number)],
    '2.Role': ['arn:aws:iam::000000000000:role/lambda-role', expect.stringContaining(':role/NAME-')],
    // The template names no pipeline to prune.
    '2.Tags.ready-hooks:pipeline': [expect.any(String), undefined],
    // The template lacks the filter that lets probes and fences through.
    '2.mappings.0.FilterCriteria.Filters.1': [{ Pattern: expect.stringContaining('ready-hooks-probe') }, undefined],
    '2.mappings.0.StartingPosition': ['TRIM_HORIZON', 'LATEST'],
  });

  // It does not set a bucket's object ownership either.
  const aws = await connect({ endpoint: endpoint(), region: 'us-east-1', account: '000000000000' });
  const ownership = async (Bucket: string) =>
    (await aws.call('GetBucketOwnershipControls', { Bucket })).OwnershipControls?.Rules?.[0]?.ObjectOwnership;
  expect([await ownership(hooked), await ownership(bucket)]).toEqual(['BucketOwnerPreferred', 'BucketOwnerEnforced']);
  aws.close();

  // LATEST works as on AWS, so records are delivered only once it reads: wait until a first event arrives.
  const reads = async () => arrived(bucket, await sendEvents(endpoint(), stacked, 1), 5_000).catch(() => 0);
  await expect.poll(reads, { timeout: 30_000 }).toBe(1);
  expect(await arrived(bucket, await sendEvents(endpoint(), stacked, 20), 30_000)).toBe(20);
}, 180_000);

/** How many of the events are in the bucket exactly once. */
async function arrived(bucket: string, ids: readonly string[], timeoutMs: number): Promise<number> {
  const { counts } = await waitForEvents(endpoint(), bucket, ids, { timeoutMs });
  return [...counts.values()].filter((count) => count === 1).length;
}
