// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadDefinition, nameDefinition } from '../../../src/build/load/load.ts';
import { deployCommands } from '../../../src/cloudformation/export/commands.ts';
import { exportCloudFormation } from '../../../src/cloudformation/export/export.ts';
import { notesOf } from '../../../src/cloudformation/export/notes.ts';
import { settle } from '../../../src/cloudformation/export/settle.ts';
import { type Template, templateOf, templateText } from '../../../src/cloudformation/export/template.ts';
import type { PipelineInput } from '../../../src/runtime/definition/input.ts';
import { drawnDefinition } from '../../support/drawn-definitions.ts';
import { sharedFolder } from '../../support/folder.ts';

const ENV = { STAGE: 'test', API_KEY: 'secret' };

function exported(definition: PipelineInput, env: Record<string, string> = ENV): Template {
  const pipeline = settle(nameDefinition(definition, '/p/10-orders.ts'), env);
  return templateOf('10-orders', pipeline, new Map([['f', '10-orders/f.zip']]));
}
const propertiesOf = (definition: PipelineInput, id: string) => exported(definition).Resources[id]?.Properties;
const fn = (settings: object) => ({ functions: { f: { zip: 'f.zip', ...settings } } }) as PipelineInput;
const mapped = (settings: object, rest: object = {}) =>
  ({
    streams: { s: {} },
    functions: { f: { zip: 'f.zip' } },
    eventSourceMappings: [{ stream: 's', function: 'f', startingPosition: 'LATEST', ...settings }],
    ...rest,
  }) as PipelineInput;

describe('roles', () => {
  const statements = (definition: PipelineInput) => {
    const policies = propertiesOf(definition, 'FFunctionRole')?.['Policies'] as unknown as
      | { PolicyDocument: { Statement: { Action: string[]; Resource: unknown[] }[] } }[]
      | undefined;
    return policies?.[0]?.PolicyDocument.Statement.map(({ Action, Resource }) => [Action.join(), ...Resource]);
  };
  const LOGS = ['logs:CreateLogStream,logs:PutLogEvents', { 'Fn::GetAtt': ['FFunctionLogs', 'Arn'] }];

  test('only lets a function without a stream write logs', () => {
    expect(statements(fn({}))).toEqual([LOGS]);
  });

  test('lets a function read its streams, write to its buckets and report discarded batches', async () => {
    const { pipeline } = await loadDefinition('init/10-hallow-events.ts');
    const role = templateOf('x', pipeline, new Map()).Resources['HallowEventDistributorFunctionRole'];
    expect(JSON.stringify(role?.Properties['Policies']).match(/"[a-z0-9]+:\w+"/g)).toEqual([
      '"kinesis:DescribeStream"',
      '"kinesis:DescribeStreamSummary"',
      '"kinesis:GetRecords"',
      '"kinesis:GetShardIterator"',
      '"kinesis:ListShards"',
      '"s3:PutObject"',
      '"s3:ListBucket"',
      '"logs:CreateLogStream"',
      '"logs:PutLogEvents"',
    ]);
    expect(JSON.stringify(role)).not.toMatch(/"Resource":\[?"\*"/);
  });

  test.each([
    ['arn:aws:sqs:us-east-1:000000000000:q', ['sqs:SendMessage']],
    ['arn:aws:sns:us-east-1:000000000000:t', ['sns:Publish']],
    ['arn:aws:s3:::bucket', ['s3:ListBucket,s3:PutObject']],
    ['${ARN:-arn:aws:sqs:us-east-1:000000000000:q}', ['sqs:SendMessage']],
    ['${ARN}', ['sqs:SendMessage', 'sns:Publish', 's3:ListBucket,s3:PutObject']],
  ])('for the destination %s allows %j', (arn, actions) => {
    expect(statements(mapped({ onFailure: { arn } }))?.map(([action]) => action)).toEqual([
      expect.stringMatching(/^kinesis:/),
      ...actions,
      LOGS[0],
    ]);
  });

  test('is not created if the definition names one', () => {
    const { Resources } = exported(fn({ role: 'arn:aws:iam::000000000000:role/mine' }));
    expect(Object.keys(Resources)).not.toContain('FFunctionRole');
    expect(Resources['FFunction']?.Properties['Role']).toBe('arn:aws:iam::000000000000:role/mine');
  });
});

describe('placeholders', () => {
  test.each([
    ['plain', 'plain'],
    ['${A}', { Ref: 'A' }],
    ['x-${A}', { 'Fn::Sub': 'x-${A}' }],
    ['$${A}', '${A}'],
    ['$${A} ${B_C}', { 'Fn::Join': ['', ['${A} ', { Ref: 'BC' }]] }],
  ])('%s becomes %j', (text, value) => {
    expect(propertiesOf(fn({ environment: { KEY: text } }), 'FFunction')?.['Environment']).toEqual({
      Variables: { KEY: value },
    });
  });

  test('become parameters, with NoEcho in a function’s environment', () => {
    const { Parameters, Metadata } = exported(
      fn({ environment: { KEY: '${API_KEY}' }, tags: { t: '${TEAM:-hallow}' } }),
    );
    expect(Parameters).toMatchObject({ ApiKey: { NoEcho: true }, Team: { Default: 'hallow' } });
    expect(Parameters?.['Team']).not.toHaveProperty('NoEcho');
    expect(Parameters?.['ApiKey']).not.toHaveProperty('Default');
    expect(Metadata['AWS::CloudFormation::Interface']).toEqual({
      ParameterLabels: { ApiKey: { default: 'API_KEY' }, Team: { default: 'TEAM' } },
    });
  });

  test('that shape the template are filled from the environment', () => {
    expect(propertiesOf(fn({ runtime: '${RUNTIME:-nodejs20.x}' }), 'FFunction')?.['Runtime']).toBe('nodejs20.x');
    expect(() => exported(fn({ runtime: '${RUNTIME}' }), {})).toThrow(
      '/p/10-orders.ts: functions.f.runtime needs RUNTIME, which is not set here and cannot be a template parameter',
    );
    expect(() => exported(fn({ runtime: '${RUNTIME}' }), { RUNTIME: 'node' })).toThrow(
      /runtime is 'node', but must be/,
    );
  });

  test('do not get the ids of the built-in parameters', () => {
    const { Parameters } = exported({ ...fn({ environment: { KEY: '${BUCKET_SUFFIX}' } }), buckets: { orders: {} } });
    expect(Object.keys(Parameters ?? {})).toEqual(['BucketSuffix2', 'BucketSuffix', 'AlarmTopicArn']);
  });

  test('with two defaults are rejected', () => {
    expect(() => exported(fn({ environment: { KEY: '${A:-x}', OTHER: '${A:-y}' } }))).toThrow(
      "The placeholder A has more than one default, 'x' and 'y'",
    );
  });
});

test('gives different ids to names that differ only in punctuation', () => {
  const streams = { 'a-b': {}, 'a.b': {}, AB: {}, ab_stream: {} };
  expect(Object.keys(exported({ streams }).Resources)).toEqual(['ABStream', 'ABStream2', 'ABStream3', 'AbStream']);
});

test('starts at the timestamp that the definition sets', () => {
  const at = { startingPosition: 'AT_TIMESTAMP', startingPositionTimestamp: '2025-01-16T09:30:00Z' };
  expect(propertiesOf(mapped(at), 'SToF')).toMatchObject({
    StartingPosition: 'AT_TIMESTAMP',
    StartingPositionTimestamp: 1737019800,
  });
});

test('does not append the account to bucket names without room for it, and notes that', () => {
  const { pipeline } = nameDefinition({ buckets: { ['a'.repeat(60)]: {} } }, '/p/a.ts');
  const template = templateOf('a', pipeline, new Map());
  expect(template.Parameters?.['BucketSuffix']?.MaxLength).toBe(3);
  expect(deployCommands('a', pipeline, template, 'a.yaml').join()).not.toContain('BucketSuffix');
  expect(notesOf(pipeline)).toEqual([expect.stringMatching(/^a bucket name has room for only 3 more characters/)]);
});

test('rejects a pipeline without resources, and one with too many for a template', () => {
  expect(() => exported({ streams: { s: { existing: true } } })).toThrow('a template needs at least one');
  const streams = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`s${index}`, {}]));
  expect(() => exported({ streams })).toThrow('needs 501 resources, but a template can have at most 500');
});

test('notes the settings that a template cannot express', () => {
  const { pipeline } = nameDefinition(
    mapped(
      { verifyDelivery: true, wait: { timeoutMs: 1 } },
      { account: '111111111111', buckets: { public: { acl: 'public-read' } }, functions: { f: { entry: 'f.ts' } } },
    ),
    '/p/a.ts',
  );
  expect(notesOf(pipeline).map((note) => note.split(/[,:]/)[0])).toEqual([
    'account 111111111111 is left out',
    'wait is left out',
    'acl public-read of bucket public is left out',
    'verifyDelivery of s → f is left out',
    's → f starts at LATEST',
  ]);
});

test('notes filters that AWS may not support', () => {
  const { pipeline } = nameDefinition(
    mapped({ startingPosition: 'TRIM_HORIZON', filters: [{ data: { k: ['a'] }, kinesis: { partitionKey: ['a'] } }] }),
    '/p/a.ts',
  );
  expect(notesOf(pipeline)).toEqual([
    's → f filters on kinesis.partitionKey, but AWS supports filters on data only: it may deliver nothing there.',
  ]);
});

test('prints commands that set a parameter without a default from its variable', () => {
  const { pipeline } = nameDefinition(fn({ environment: { KEY: '${API_KEY}' } }), '/p/10-a_b.ts');
  const template = templateOf('10-a_b', pipeline, new Map());
  expect(deployCommands('10-a_b', pipeline, template, 'out dir/10-a_b.json')).toEqual([
    `aws cloudformation package --region us-east-1 --template-file 'out dir/10-a_b.json' --s3-bucket "$CODE_BUCKET" --output-template-file 'out dir/10-a_b.packaged.json' --use-json`,
    `aws cloudformation deploy --region us-east-1 --template-file 'out dir/10-a_b.packaged.json' --s3-bucket "$CODE_BUCKET" --stack-name a-b --capabilities CAPABILITY_IAM --parameter-overrides ApiKey="$API_KEY"`,
  ]);
});

test('the YAML and the JSON have the same content for a YAML 1.1 parser, which CloudFormation uses', () => {
  fc.assert(
    fc.property(drawnDefinition, (definition) => {
      const template = exported(definition);
      const text = templateText(template, 'yaml');
      expect(parse(text, { version: '1.1' })).toEqual(JSON.parse(templateText(template, 'json')));
      expect(text).not.toMatch(/[&*]\w+$/m);
    }),
    { numRuns: 50 },
  );
});

describe('files', () => {
  const definition = mapped({ verifyDelivery: true }, { functions: { f: { entry: './f.ts' } } });
  const folder = sharedFolder({
    'f.ts': 'export const handler = async () => {};\n',
    '10-orders.json': JSON.stringify(definition),
  });
  const options = () => ({
    definitions: [join(folder, '10-orders.json')],
    outDir: join(folder, 'out'),
    format: 'yaml' as const,
    env: {},
  });

  test('are the template and its zips, without the code that answers probes; changed files are not overwritten', async () => {
    const [one] = await exportCloudFormation(options());
    expect((await readdir(join(folder, 'out'), { recursive: true })).sort()).toEqual([
      '10-orders',
      '10-orders.yaml',
      '10-orders/f.zip',
    ]);
    const zip = await readFile(join(folder, 'out/10-orders/f.zip'));
    expect(zip.byteLength).toBeLessThan(1000);
    await exportCloudFormation(options());
    const template = one?.template ?? '';
    await writeFile(template, 'mine');
    await expect(exportCloudFormation(options())).rejects.toThrow(
      /10-orders\.yaml already exists with different content.* --force/,
    );
    await exportCloudFormation({ ...options(), force: true });
    expect(await readFile(template, 'utf8')).toMatch(/^AWSTemplateFormatVersion/);
  });
});
