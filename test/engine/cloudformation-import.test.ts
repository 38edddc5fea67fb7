import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zipFiles } from '../../src/runtime/contents/zip.ts';
import { cli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { sendEvents, waitForEvents } from '../support/events.ts';
import { runHookScript } from '../support/hook-script.ts';

const TEMPLATES = fileURLToPath(new URL('../support/templates', import.meta.url));

interface Style {
  template: string;
  options: string[];
  stream: string;
  bucket: string;
  leftOut: RegExp[];
}

const STYLES: Record<string, Style> = {
  sam: {
    template: 'sam/template.yaml',
    options: ['--parameter', 'ApiKey=known here only'],
    stream: 'sam-orders-dev',
    bucket: 'sam-archive-dev-000000000000',
    leftOut: [
      /event Nightly of ArchiveFunction \(Schedule, line \d+\)/,
      /OrderTable \(AWS::Serverless::SimpleTable, line \d+\)/,
      /Dashboard .*: its condition IsProd is false/,
      /LifecycleConfiguration of ArchiveBucket: left out/,
      /environment variable TABLE of ArchiveFunction is OrderTable .* the hook reads it from its own environment/,
    ],
  },
  plain: {
    template: 'plain/template.yaml',
    options: ['--parameter', 'Team=hallow'],
    stream: 'plain-events',
    bucket: 'plain-store-us-east-1',
    leftOut: [/StreamEncryption of Events/, /WriterRole \(AWS::IAM::Role/, /VersioningConfiguration of Store/],
  },
  cdk: {
    template: 'cdk/Orders.template.json',
    options: [],
    stream: 'CdkOrders',
    bucket: 'cdk-archive',
    leftOut: [/CustomS3AutoDelete\w+Handler\w+ .*: it serves custom resources/, /CDKMetadata \(AWS::CDK::Metadata/],
  },
  serverless: {
    template: 'serverless/cloudformation-template-update-stack.json',
    options: [],
    stream: 'serverless-orders',
    bucket: 'serverless-orders-dev',
    leftOut: [/ServerlessDeploymentBucket \(.*: it stores the functions' zips/, /WriterLogGroup/],
  },
  resources: {
    template: 'resources/resources.json',
    options: [],
    stream: 'resources-event-stream',
    bucket: 'resources-events',
    leftOut: [],
  },
};

// Files that the tools leave beside their templates.
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-import-'));
  await cp(TEMPLATES, folder, { recursive: true });
  const bytes = await readFile(join(folder, 'resources/index.js'));
  await writeFile(join(folder, 'serverless/orders.zip'), await zipFiles([{ path: 'src/writer.js', bytes }]));
  await writeFile(join(folder, 'resources/distributor.zip'), await zipFiles([{ path: 'index.js', bytes }]));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(Object.entries(STYLES))(
  '%s: imported, built and created by its hook, it delivers 20 of 20 events',
  async (style, { template, options, stream, bucket, leftOut }) => {
    const definition = `init/10-${style}.ts`;
    const imported = await cli(['import', template, '--out', definition, ...options], { cwd: folder });
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    for (const line of leftOut) expect(imported.stdout).toMatch(line);

    const built = await cli(['build', definition, '--out', `${style}-ready.d`], { cwd: folder });
    expect(built).toMatchObject({ code: 0, stderr: '' });
    const { code, said } = await runHookScript(join(folder, `${style}-ready.d`, `10-${style}.sh`), endpoint(), {
      TABLE: 'orders',
    });
    expect(code, said).toBe(0);

    const ids = await sendEvents(endpoint(), stream, 20);
    const { counts } = await waitForEvents(endpoint(), bucket, ids, { timeoutMs: 40_000 });
    expect([...counts.values()].filter((count) => count === 1)).toHaveLength(20);
  },
  120_000,
);
