import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli } from '../../support/cli.ts';
import { sharedFolder } from '../../support/folder.ts';

const folder = sharedFolder();

const STREAM = 'Resources: {S: {Type: AWS::Kinesis::Stream, Properties: {Name: orders}}}';
const FUNCTION = `Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: f, Runtime: nodejs22.x, Handler: index.handler, Code: {ZipFile: "a"}}
`;

describe('files', () => {
  test('of 5 MB are rejected, and nothing is written', async () => {
    writeFileSync(join(folder, 'big.yaml'), `Resources: {}\n#${'x'.repeat(5_000_000)}`);
    const { code, stderr } = await cli(['import', 'big.yaml'], { cwd: folder });
    expect(stderr).toBe('ready-hooks: The template big.yaml is 5.0 MB, but CloudFormation accepts at most 1 MB.\n');
    expect(code).toBe(1);
    expect(readdirSync(folder)).not.toContain('init');
  });

  test('that exist are not overwritten', async () => {
    writeFileSync(join(folder, 's.yaml'), STREAM);
    writeFileSync(join(folder, '10-mine.ts'), 'mine');
    const { code, stderr } = await cli(['import', 's.yaml', '--out', '10-mine.ts'], { cwd: folder });
    expect(stderr).toMatch(/^ready-hooks: 10-mine\.ts already exists and is not overwritten/);
    expect(code).toBe(1);
    expect(readFileSync(join(folder, '10-mine.ts'), 'utf8')).toBe('mine');
  });

  test('with code that exist are not overwritten either, and nothing is written', async () => {
    writeFileSync(join(folder, 'inline.yaml'), FUNCTION);
    mkdirSync(join(folder, 'functions/20-new/f'), { recursive: true });
    writeFileSync(join(folder, 'functions/20-new/f/index.js'), 'mine');
    const { code, stderr } = await cli(['import', 'inline.yaml', '--out', '20-new.ts'], { cwd: folder });
    expect(stderr).toMatch(/^ready-hooks: functions\/20-new\/f\/index\.js already exists/);
    expect(code).toBe(1);
    expect(readdirSync(folder)).not.toContain('20-new.ts');
  });

  test('need a name that a definition can have', async () => {
    const { code, stderr } = await cli(['import', 's.yaml', '--out', 'new.yaml'], { cwd: folder });
    expect(stderr).toMatch(/^ready-hooks: new\.yaml is not a definition: expected a file name ending in \.ts/);
    expect(code).toBe(1);
  });

  test('are not written for a template without anything that a definition can declare', async () => {
    writeFileSync(join(folder, 'topic.yaml'), 'Resources: {Topic: {Type: AWS::SNS::Topic}}');
    const { code, stderr } = await cli(['import', 'topic.yaml', '--out', '30-topic.ts'], { cwd: folder });
    expect(stderr).toMatch(/^ready-hooks: topic\.yaml contains nothing .* but found: Topic/);
    expect(code).toBe(1);
    expect(readdirSync(folder)).not.toContain('30-topic.ts');
  });

  test('are JSON if --out ends in .json', async () => {
    const { code } = await cli(['import', 's.yaml', '--out', 'new/10-s.json'], { cwd: folder });
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'new/10-s.json'), 'utf8'))).toEqual({
      region: 'us-east-1',
      streams: { orders: {} },
    });
  });
});
