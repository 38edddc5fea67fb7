// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSource } from '../../../src/cloudformation/import/document.ts';
import { importSource } from '../../../src/cloudformation/import/import.ts';
import type { PipelineInput } from '../../../src/runtime/definition/input.ts';
import { sharedFolder } from '../../support/folder.ts';

const folder = sharedFolder({ 'f.zip': '' });

function imported(text: string, given: { parameters?: Record<string, string>; codes?: Record<string, string> } = {}) {
  const { definition, draft } = importSource(parseSource(text, join(folder, 't.yaml')), {
    out: join(folder, '10-t.ts'),
    parameters: new Map(Object.entries(given.parameters ?? {})),
    codes: new Map(Object.entries(given.codes ?? {})),
    region: 'us-east-1',
    account: '000000000000',
  });
  return { definition: definition as PipelineInput, ...draft };
}

/** The error's message, without the folder: `t.yaml:3 …`. */
function rejection(text: string, given = {}): string {
  try {
    imported(text, given);
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '');
  }
  throw new Error('The template was accepted');
}

/** A template with one stream of this name, after other parts. */
const named = (name: string, rest = '') => `${rest}
Resources:
  S:
    Type: AWS::Kinesis::Stream
    Properties:
      Name: ${name}
`;
const nameOf = (name: string, rest = '', given = {}) =>
  Object.keys(imported(named(name, rest), given).definition.streams ?? {})[0];

const withFunction = (properties: string, more = '') => `
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: f
      Runtime: nodejs22.x
      Handler: index.handler
${properties.replace(/^/gm, '      ')}
${more}`;
const functionOf = (properties: string, more = '') =>
  imported(withFunction(properties, more)).definition.functions?.['f'];

describe('values', () => {
  test.each([
    ["!Sub 'a-${AWS::Region}-${AWS::AccountId}-${AWS::Partition}'", 'a-us-east-1-000000000000-aws'],
    ["!Sub ['a-${X}-${Stage}', {X: !Ref Stage}]", 'a-dev-dev'],
    ['!Join ["-", [a, !Ref Stage, !Ref "AWS::StackName"]]', 'a-dev-t'],
    ['{"Fn::Join": ["", ["a", {"Ref": "Stage"}]]}', 'adev'],
    ['!FindInMap [Names, !Ref Stage, S]', 'orders-dev'],
    ['!If [IsDev, "a-dev", "a-prod"]', 'a-dev'],
    ['!If [IsOther, "a-dev", "a-prod"]', 'a-prod'],
    ['!Select [1, !Split ["/", "x/y/z"]]', 'y'],
    ['!Select [0, !Ref List]', 'one'],
    ['!Ref AWS::NoValue', 'S'],
  ])('%s is %s', (value, name) => {
    const rest = `
Parameters:
  Stage: {Type: String, Default: dev}
  List: {Type: CommaDelimitedList, Default: 'one, two'}
Mappings: {Names: {dev: {S: orders-dev}}}
Conditions:
  IsDev: !And [!Equals [!Ref Stage, dev], !Or [!Equals [a, b], !Not [!Equals [a, b]]]]
  IsOther: !Not [{Condition: IsDev}]`;
    expect(nameOf(value, rest)).toBe(name);
  });

  test('on the command line override a parameter’s default', () => {
    const rest = 'Parameters: {Stage: {Type: String, Default: dev}}';
    expect(nameOf('!Ref Stage', rest, { parameters: { Stage: 'prod=1'.slice(0, 4) } })).toBe('prod');
  });

  test('keep a literal ${ literal', () => {
    expect(
      functionOf("Code: f.zip\nEnvironment: {Variables: {TEXT: '${NAME}', SUB: !Sub '${!NAME} ${AWS::Region}'}}"),
    ).toMatchObject({
      environment: { TEXT: '$${NAME}', SUB: '$${NAME} us-east-1' },
    });
  });

  test('of a parameter with NoEcho become a placeholder', () => {
    const more = 'Parameters: {Key: {Type: String, NoEcho: true}, Other: {Type: String, NoEcho: true, Default: x}}';
    const { definition, notes } = imported(
      withFunction('Code: f.zip\nEnvironment: {Variables: {KEY: !Ref Key, OTHER: !Sub "a${Other}"}}', more),
    );
    expect(definition.functions?.['f']).toMatchObject({ environment: { KEY: '${Key}', OTHER: 'a${Other:-x}' } });
    expect(notes).toContain('the parameter Key becomes ${Key}: the hook reads it from its own environment.');
  });

  test('that only AWS knows become placeholders in an environment, and are rejected in a name', () => {
    const table = '  T: {Type: AWS::DynamoDB::GlobalTable}\n';
    const { definition, leftOut } = imported(
      withFunction(
        "Code: f.zip\nEnvironment: {Variables: {TABLE: !Ref T, PW: !Sub '{{resolve:ssm:x-${AWS::Region}}}', IMPORTED: !ImportValue x}}",
        table,
      ),
    );
    const environment = { TABLE: '${TABLE}', PW: '${PW}', IMPORTED: '${IMPORTED}' };
    expect(definition.functions?.['f']).toMatchObject({ environment });
    expect(leftOut).toEqual(['T (AWS::DynamoDB::GlobalTable, line 11)']);
    expect(rejection(named('!ImportValue x'))).toBe('t.yaml:6 Name of S is Fn::ImportValue, which only AWS knows.');
  });
});

test('reads YAML as CloudFormation does: merges, number-like strings, and words for true', () => {
  const { definition } = imported(`
Base: &base {ShardCount: 1.0, Tags: [{Key: account, Value: 012345678901}]}
Resources:
  S:
    Type: AWS::Kinesis::Stream
    Properties: {<<: *base, RetentionPeriodHours: 4e1}
  B:
    Type: AWS::S3::Bucket
    Properties: {ObjectLockEnabled: yes}
`);
  expect(definition.streams).toEqual({
    S: { shardCount: 1, retentionPeriodHours: 40, tags: { account: '012345678901' } },
  });
  expect(definition.buckets).toEqual({ bxx: { objectLockEnabled: true } });
});

describe('SAM', () => {
  test('merges Globals, and uses a mapping’s defaults for settings that an event leaves out', () => {
    const { definition, leftOut } = imported(`
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs20.x
    Timeout: 10
    Environment: {Variables: {A1: global, B1: global}}
    Tags: {team: hallow}
Resources:
  S: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: f.zip
      Handler: index.handler
      Timeout: 20
      Environment: {Variables: {B1: own}}
      Events:
        Stream: {Type: Kinesis, Properties: {Stream: !GetAtt S.Arn, StartingPosition: LATEST}}
        Api: {Type: Api, Properties: {Path: /, Method: get}}
`);
    expect(definition).toEqual({
      region: 'us-east-1',
      buckets: {},
      streams: { S: { shardCount: 2 } },
      functions: {
        F: {
          zip: './f.zip',
          runtime: 'nodejs20.x',
          handler: 'index.handler',
          timeoutSeconds: 20,
          environment: { A1: 'global', B1: 'own' },
          tags: { team: 'hallow' },
        },
      },
      eventSourceMappings: [{ stream: 'S', function: 'F', startingPosition: 'LATEST' }],
    });
    expect(leftOut).toEqual(['event Api of F (Api, line 20)']);
  });
});

describe('a mapping', () => {
  const mapping = (source: string, fn = 'f', more = '') => `
Resources:
  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: failed}}
  M:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: ${source}
      FunctionName: ${fn}
      StartingPosition: AT_TIMESTAMP
      StartingPositionTimestamp: 1737019800
      DestinationConfig: {OnFailure: {Destination: !GetAtt Q.Arn}}
${more}`;

  test('waits for a stream and a function that are not in the template', () => {
    const { definition, notes } = imported(
      mapping(
        'arn:aws:kinesis:eu-west-1:111111111111:stream/orders',
        'arn:aws:lambda:us-east-1:1:function:writer:live',
      ),
    );
    expect(definition).toMatchObject({
      streams: { orders: { existing: true } },
      functions: { writer: { existing: true } },
      eventSourceMappings: [
        {
          startingPosition: 'AT_TIMESTAMP',
          startingPositionTimestamp: '2025-01-16T09:30:00.000Z',
          onFailure: { arn: 'arn:aws:sqs:us-east-1:000000000000:failed' },
        },
      ],
    });
    expect(notes).toEqual([
      'stream orders is not in the template: it is declared as existing, and the hook waits for it.',
      'function writer is not in the template: it is declared as existing, and the hook waits for it.',
      'M reads stream orders in eu-west-1, account 111111111111: the definition reads it in its own region and account.',
      'the failure destination of M, arn:aws:sqs:us-east-1:000000000000:failed, is not created by the pipeline: it must already exist.',
    ]);
  });

  test.each([
    ['!GetAtt Q.Arn', 'it reads arn:aws:sqs:us-east-1:000000000000:failed, which is not a Kinesis stream'],
    ['!GetAtt T.StreamArn', 'it reads T.StreamArn (AWS::DynamoDB::Table), which is not a stream in the template'],
  ])('from %s is left out', (source, why) => {
    const { definition, leftOut } = imported(mapping(source, 'f', '  T: {Type: AWS::DynamoDB::Table}'));
    expect(definition.eventSourceMappings).toEqual([]);
    expect(leftOut[0]).toBe(`M (AWS::Lambda::EventSourceMapping, line 4): ${why}`);
  });
});

test.each<[string, string, string | RegExp]>([
  [
    'an unknown function by its tag',
    named('!Sbu a'),
    "t.yaml:6 S uses Fn::Sbu, which is not a CloudFormation function; did you mean 'Fn::Sub'?",
  ],
  [
    'an unknown function by its name',
    named('{"Fn::Concat": [a]}'),
    /^t\.yaml:6 S uses Fn::Concat, which is not a CloudFormation function\.$/,
  ],
  ['a reference to nothing', named('!Ref Nothing'), 't.yaml:6 S: parameter or resource Nothing does not exist.'],
  ['an attribute of nothing', named('!GetAtt Nothing.Arn'), 't.yaml:6 S: resource Nothing does not exist.'],
  ['a key that Mappings lacks', named('!FindInMap [A, b, c]'), 't.yaml:6 S: A.b.c does not exist in Mappings.'],
  [
    'a parameter without a value',
    named('!Ref Stage', 'Parameters: {Stage: {Type: String}, Team: {Type: String}}'),
    't.yaml:1 the parameter Stage has no default (also without a default: Team): pass --parameter Stage=VALUE.',
  ],
  [
    'resources that depend on each other',
    'Resources:\n  A:\n    Type: AWS::S3::Bucket\n    DependsOn: B\n  B:\n    Type: AWS::SQS::Queue\n    Properties: {Tags: [{Key: a, Value: !Sub "${A.Arn}"}]}\n',
    't.yaml:2 A depends on itself: A → B → A; remove one of these references.',
  ],
  [
    'conditions that depend on themselves',
    'Conditions: {A: {Condition: B}, B: {Condition: A}}\nResources: {S: {Type: AWS::Kinesis::Stream, Condition: A}}',
    /the condition [AB] depends on itself/,
  ],
  [
    'a missing condition',
    'Resources: {S: {Type: AWS::Kinesis::Stream, Condition: A}}',
    't.yaml:1 S: condition A does not exist.',
  ],
  [
    'a container image',
    withFunction('PackageType: Image\nCode: {ImageUri: a/b}'),
    't.yaml:10 Code of F is a container image, which is not supported: use a zip instead, or remove the function.',
  ],
  [
    'a container image in SAM',
    'Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {Type: AWS::Serverless::Function, Properties: {ImageUri: a/b}}',
    /^t\.yaml:3 Code of F is a container image/,
  ],
  [
    'code in S3',
    withFunction('Code: {S3Bucket: b, S3Key: k/f2.zip}'),
    /^t\.yaml:9 Code of F is not at .*f2\.zip: pass --code F=PATH/,
  ],
  ['no code', withFunction('Timeout: 3'), /^t\.yaml:6 Code of F is missing: pass --code F=PATH/],
  [
    'an invalid number',
    withFunction('Code: f.zip\nTimeout: soon'),
    't.yaml:10 Timeout of F is "soon", but must be a number.',
  ],
  [
    'a filter that is not valid JSON',
    'Resources:\n  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/s", FunctionName: f, FilterCriteria: {Filters: [{Pattern: "{"}]}}}',
    /^t\.yaml:2 FilterCriteria of M has a Pattern that is not valid JSON/,
  ],
  [
    'a name that a definition rejects',
    'Resources:\n  B: {Type: AWS::S3::Bucket, Properties: {BucketName: Events}}',
    /^t\.yaml: buckets\.Events is not a valid name.* \(B, line 2\)$/,
  ],
  [
    'a setting that a definition rejects in one of two resources with similar names',
    'Resources:\n  A: {Type: AWS::S3::Bucket, Properties: {BucketName: orders}}\n  B: {Type: AWS::S3::Bucket, Properties: {BucketName: orders-archive, AccessControl: PublicReadWrite, OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}}}',
    /^t\.yaml: buckets\.orders-archive\.acl is .* \(B, line 3\)$/,
  ],
  [
    'a resource without a type',
    'Resources:\n  B: {}',
    't.yaml:2 resource B has no Type, such as AWS::Kinesis::Stream.',
  ],
  ['another file', 'a: 1', /^t\.yaml is not a template: it has no Resources/],
  ['an empty file', '', /^t\.yaml is not a template/],
  ['malformed YAML', 'Resources:\n  A: [\n', /^t\.yaml:\d is not valid YAML or JSON: /],
  [
    'a duplicate key',
    'Resources:\n  A: {Type: B}\n  A: {Type: C}\n',
    't.yaml:3 is not valid YAML or JSON: Map keys must be unique.',
  ],
  [
    'aliases of aliases',
    `a: &a [${'x,'.repeat(50)}]\n${'bcdefg'
      .split('')
      .map((at, i) => `${at}: &${at} [${`*${'abcdef'[i]},`.repeat(50)}]`)
      .join('\n')}\nResources: *g`,
    /^t\.yaml:\d+ expands to more than 200000 values through aliases/,
  ],
  [
    'an alias that contains itself',
    'Resources: &a\n  A: *a',
    /^t\.yaml:\d is nested more than 100 levels deep, or has an alias that contains itself\.$/,
  ],
  [
    'a template that is nested too deep',
    '['.repeat(100_000),
    /^t\.yaml:1 is not valid YAML or JSON: it is nested too deeply\.$/,
  ],
])('%s is rejected in one sentence', (_, text, message) => {
  const seen = rejection(text);
  if (typeof message === 'string') expect(seen).toBe(message);
  else expect(seen).toMatch(message);
  expect(seen).not.toContain('\n');
});

test('parameters and code for something that the template does not have are rejected', () => {
  expect(rejection(named('s', 'Parameters: {Stage: {Type: String}}'), { parameters: { Stag: 'x' } })).toBe(
    "t.yaml has no parameter Stag; did you mean 'Stage'?",
  );
  expect(rejection(named('s'), { codes: { F: 'f.zip' } })).toBe('t.yaml has no function F, or any other function.');
});
