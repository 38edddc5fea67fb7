import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { definitionFor } from '../../../src/cli/import.ts';
import { seconds } from '../../../src/cli/options.ts';
import { program } from '../../../src/cli/program.ts';
import { runProgram } from '../../../src/cli/run.ts';

const names = program().commands.map((command) => command.name());

/** A fresh program that captures its output. */
function quiet(): { root: Command; text: () => string } {
  const root = program();
  let written = '';
  const keep = (text: string) => {
    written += text;
  };
  for (const command of [root, ...root.commands]) command.configureOutput({ writeOut: keep, writeErr: keep });
  return { root, text: () => written };
}

async function run(...args: string[]) {
  const { root, text } = quiet();
  return { code: await runProgram(root, ['node', 'ready-hooks', ...args]), text: text() };
}

test.each([[], ...names.map((name) => [name])])('the help of %s has examples and exit codes', async (...path) => {
  const { code, text } = await run(...path, '--help');
  expect(code).toBe(0);
  expect(text).toMatch(/^Examples?:\n {2}.*npx ready-hooks/m);
  expect(text).toMatch(/^Exit codes: 0 success, 1 failure, 2 invalid usage/m);
});

test.each(names)('%s describes itself in one sentence, and each argument and option', (name) => {
  const command = program().commands.find((each) => each.name() === name);
  expect(command?.summary()).toMatch(/^[a-z]/);
  expect(command?.description()).toMatch(/^[A-Z][a-z]+s [^.]*(\.\w[^.]*)*\.$/);
  const parts = [...(command?.options ?? []), ...(command?.registeredArguments ?? [])];
  expect(parts.filter((part) => !part.description).map((part) => part.name())).toEqual([]);
});

test.each(names)('the examples of %s use commands and options that exist', async (name) => {
  const { text } = await run(name, '--help');
  const examples = [...text.slice(text.search(/^Examples?:/m)).matchAll(/ready-hooks ([a-z-]+)([^\n|;]*)/g)];
  expect(examples.map(([, used]) => used)).toContain(name);
  for (const [, used, rest] of examples) {
    const command = program().commands.find((each) => each.name() === used);
    const known = command?.options.map((option) => option.long) ?? [];
    expect(known).toEqual(expect.arrayContaining(rest?.match(/--[a-z-]+/g) ?? []));
  }
});

test.each([
  [['aply'], /Did you mean apply\?/],
  [['stauts'], /Did you mean status\?/],
  [['create'], /^error: unknown command 'create'\n\(Did you mean apply\?\)\n/],
  [['rm'], /Did you mean destroy\?/],
  [['apply', '--dry-run'], /Did you mean the command plan,/],
  [['apply', '--url=x'], /Did you mean --endpoint\?/],
  [['status', '--timeout', '5x'], /expected a time above 0/],
  [['build', '--uot', 'x'], /Did you mean --out\?/],
  [['down', '--port', '70000'], /expected a port from 0 to 65535/],
  [['destroy'], /missing required argument 'definition'/],
  [['up', '--port', 'x'], /expected a port from 0 to 65535/],
  [['up', '--engine', 'podman'], /Allowed choices are auto, docker, localstack/],
  [['export', 'terraform', '10-orders.json'], /Allowed choices are cloudformation/],
  [['import'], /missing required argument 'template'/],
  [['import', 'x.yaml', '--parameter', 'x'], /expected NAME=VALUE/],
  [['status', '--timeout', '5'], /option '--timeout <time>' needs --wait/],
  [['up', '--version'], /option '--version <version>' argument missing/],
  [['build', '--version'], /unknown option '--version'/],
])('%j is invalid usage: exit code 2 and a hint', async (args, message) => {
  const { code, text } = await run(...args);
  expect(code).toBe(2);
  expect(text).toMatch(message);
});

// Users of Terraform, CDK, Docker and the AWS CLI try these; none starts anything.
test.each([
  ['terraform apply', 'apply -auto-approve', 'only init asks'],
  ['terraform apply', 'apply --auto-approve', 'only init asks'],
  ['terraform destroy', 'destroy x -y', 'only init asks'],
  ['terraform apply', 'apply -target x', 'name the definition'],
  ['terraform apply', 'apply -var a=b', 'environment variable'],
  ['terraform plan', 'plan -out x', 'Leave it out: apply compares'],
  ['terraform plan', 'plan -destroy', 'the command destroy'],
  ['terraform output', 'output', 'Did you mean apply --outputs?'],
  ['terraform refresh', 'refresh', 'Did you mean status?'],
  ['terraform taint', 'taint x', 'Did you mean apply?'],
  ['cdk synth', 'synth', 'Did you mean export?'],
  ['cdk deploy', 'deploy --all', 'Did you mean apply?'],
  ['cdk deploy', 'apply --all', 'Name the definitions'],
  ['cdk deploy', 'apply --require-approval never', 'only init asks'],
  ['cdk deploy', 'apply --hotswap', 'the command dev'],
  ['cdk deploy', 'apply --context a=b', 'environment variable'],
  ['cdk bootstrap', 'bootstrap', 'Did you mean init?'],
  ['docker compose', 'compose up', 'Did you mean up?'],
  ['docker compose ps', 'ps', 'Did you mean status?'],
  ['docker compose up', 'up --build', 'the command build'],
  ['docker compose up', 'up --wait', 'always wait'],
  ['docker compose down', 'down --volumes', 'down removes everything but the log'],
  ['docker compose logs', 'logs x --tail 10', 'Did you mean --since?'],
  ['docker run', 'up --image x', 'Did you mean --version?'],
  ['docker inspect', 'inspect x', 'Did you mean status?'],
  ['localstack', 'version', 'Did you mean --version?'],
  ['aws kinesis', 'create-stream orders', 'Did you mean apply?'],
  ['aws kinesis', 'put-record', 'Did you mean send?'],
  ['aws kinesis', 'describe-stream-summary', 'Did you mean status?'],
  ['aws kinesis', 'send --stream-name x', 'give the name without an option'],
  ['aws kinesis', 'send x --data 1', 'pipe the records in'],
  ['aws', 'apply --region us-east-1', 'Set region in the definition'],
  ['aws', 'status --output json', 'or --json?'],
  ['many', 'apply --debug', 'Did you mean --verbose?'],
  ['many', 'apply -v', 'Did you mean --verbose?'],
  ['many', 'apply -f x', 'name the file without an option'],
])('as in %s, %s is answered', async (_, line, hint) => {
  const { code, text } = await run(...line.split(' '));
  expect(code).toBe(2);
  expect(text).toMatch(/^error: unknown (command|option) '[^']+'\n\(.*\)\n/);
  expect(text).toContain(hint);
});

test.each(['-v', '--version'])('%s prints the version', async (option) => {
  expect(await run(option)).toEqual({ code: 0, text: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test('tail takes -f, and init -y', async () => {
  const { root } = quiet();
  const seen: unknown[] = [];
  for (const each of root.commands) each.action((...args) => void seen.push(args.at(-1).opts()));
  await runProgram(root, ['node', 'ready-hooks', 'logs', '-f', 'x']);
  await runProgram(root, ['node', 'ready-hooks', 'init', '-y']);
  expect(seen).toMatchObject([{ follow: true }, { yes: true }]);
});

test.each(names)('the help of %s shows no empty default', async (name) => {
  expect((await run(name, '--help')).text).not.toMatch(/default: (\[\]|\{\}|"")/);
});

test.each([
  ['stacks/orders.template.json', 'init/10-orders.ts'],
  ['10-clicks.yaml', 'init/10-clicks.ts'],
  ['20-a b.yml', 'init/20-a-b.ts'],
  ['3d.yaml', 'init/10-3d.ts'],
])('import %s writes %s', (template, definition) => expect(definitionFor(template)).toBe(definition));

test.each([
  ['logs', 'tail'],
  ['start', 'up'],
  ['stop', 'down'],
  ['diff', 'plan'],
  ['check', 'validate'],
])('%s is another name of %s', async (alias, name) => {
  expect((await run(alias, '--help')).text).toContain(`Usage: ready-hooks ${name}|${alias} `);
});

test.each([
  ['5', 5],
  ['5s', 5],
  ['1.5m', 90],
  ['2h', 7_200],
])('--timeout %s is %i s', (text, value) => expect(seconds(text)).toBe(value));

test('--endpoint-url is --endpoint, and up takes --detach', async () => {
  const { root } = quiet();
  const find = (name: string) => root.commands.find((each) => each.name() === name) as Command;
  const seen: unknown[] = [];
  for (const name of ['apply', 'plan', 'up']) find(name).action((...args) => void seen.push(args.at(-1).opts()));
  await runProgram(root, ['node', 'ready-hooks', 'apply', '--endpoint-url', 'http://localhost:1']);
  await runProgram(root, ['node', 'ready-hooks', 'plan', '--endpoint-url=localhost:2']);
  await runProgram(root, ['node', 'ready-hooks', 'up', '-d']);
  expect(seen).toMatchObject([{ endpoint: 'http://localhost:1' }, { endpoint: 'localhost:2' }, { detach: true }]);
});
