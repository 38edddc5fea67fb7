import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, startCli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { folderWith } from '../support/folder.ts';
import { uniqueName } from '../support/pipelines.ts';
import { putTogether } from '../support/records.ts';

const within = { timeout: 40_000, interval: 200 };
const name = uniqueName('dev');
let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'ready-hooks-dev-'));
  await mkdir(join(project, 'init/functions'), { recursive: true });
  await define({ memorySize: 128 });
  await greet('hello');
  await writeFile(
    join(project, 'init/functions/handler.mjs'),
    `import { greeting } from './greeting.mjs';
export const handler = async ({ Records }) => {
  for (const { kinesis } of Records) console.log(greeting, Buffer.from(kinesis.data, 'base64').toString());
};
`,
  );
});
afterAll(async () => {
  await cli(['destroy', 'init/10-dev.json', '--empty-buckets', '--endpoint', endpoint()], { cwd: project });
  await rm(project, { recursive: true, force: true });
});

const define = (settings: object) =>
  writeFile(
    join(project, 'init/10-dev.json'),
    JSON.stringify({
      buckets: { [name]: {} },
      streams: { [name]: {} },
      functions: { [name]: { entry: './functions/handler.mjs', buckets: { BUCKET: name }, ...settings } },
      eventSourceMappings: [{ stream: name, function: name, startingPosition: 'LATEST' }],
    }),
  );
const greet = (word: string) =>
  writeFile(join(project, 'init/functions/greeting.mjs'), `export const greeting = '${word}';\n`);

test('changes are applied: to an imported file, to code that is broken and then fixed, to the definition', async () => {
  const { said, ended, stop } = startCli(['dev', '--endpoint', endpoint()], { cwd: project });
  const printed = (text: string | RegExp) => expect.poll(() => said.stdout + said.stderr, within).toMatch(text);
  try {
    await printed(
      /^ready-hooks: watching init\/10-dev\.json and their imports.*, and init for new definitions; press Ctrl-C/,
    );
    await printed(/10-dev is ready in .* 4 created/);
    await putTogether(endpoint(), name, ['one']);
    await printed(`${name}  `);
    await printed(/hello one/);

    await greet('welcome');
    await printed(/greeting\.mjs changed/);
    await printed(/10-dev is ready in .* 1 updated/);
    await putTogether(endpoint(), name, ['two']);
    await printed(/welcome two/);

    await writeFile(join(project, 'init/functions/greeting.mjs'), 'export const greeting = ;\n');
    await printed(/does not compile/);
    await printed(/waiting for a fix/);
    await greet('salut');
    await putTogether(endpoint(), name, ['three']);
    await expect.poll(() => said.stdout.match(/1 updated/g)?.length, within).toBe(2);

    await define({ memorySize: 256 });
    await printed(/10-dev\.json changed/);
    await printed(/UpdateFunctionConfiguration \(memorySize\)/);
  } catch (error) {
    throw new Error(said.stdout + said.stderr, { cause: error });
  } finally {
    stop();
  }
  expect(await ended).toBe(130);
}, 180_000);

test('dev waits for the fix of an error at the start, and watches a re-created bucket again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-dev-broken-'));
  const bucket = uniqueName('dev-back');
  const names = (code: string) => writeFile(join(folder, 'names.ts'), code);
  await names('export const bucket = ;\n');
  await writeFile(
    join(folder, '10-back.ts'),
    "import { bucket } from './names.ts';\nexport default { buckets: { [bucket]: {} } };\n",
  );
  const { said, ended, stop } = startCli(['dev', '10-back.ts', '--endpoint', endpoint()], { cwd: folder });
  const printed = (text: string | RegExp) => expect.poll(() => said.stdout + said.stderr, within).toMatch(text);
  const put = async (key: string) =>
    expect((await fetch(`${endpoint()}/${bucket}/${key}`, { method: 'PUT', body: key })).status).toBe(200);
  try {
    await printed(/waiting for a fix/);
    await names(`export const bucket = '${bucket}';\n`);
    await printed(/10-back is ready in .* 1 created/);
    expect((await fetch(`${endpoint()}/${bucket}`, { method: 'DELETE' })).status).toBe(204);
    await printed(`The bucket ${bucket} was deleted`);
    await names(`export const bucket = '${bucket}'; // again\n`);
    await expect.poll(() => said.stdout.match(/1 created/g)?.length, within).toBe(2);
    // Objects from before dev watches the bucket are not shown, and it does not say when it starts, so put until one is.
    let count = 0;
    await expect
      .poll(async () => {
        await put(`back-${count++}`);
        return said.stdout;
      }, within)
      .toContain('+ back-');
  } finally {
    stop();
    await cli(['destroy', '10-back.ts', '--empty-buckets', '--endpoint', endpoint()], { cwd: folder });
    await rm(folder, { recursive: true, force: true });
  }
  expect(await ended).toBe(130);
});

test('a definition added to init/ is applied; a removed one is reported, but its resources stay; as JSON', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ready-hooks-dev-folder-'));
  const names = [uniqueName('dev-one'), uniqueName('dev-two')];
  const files = ['init/10-one.json', 'init/20-two.json'];
  const define = (index: number) =>
    writeFile(join(folder, files[index] ?? ''), JSON.stringify({ buckets: { [names[index] ?? '']: {} } }));
  await mkdir(join(folder, 'init'));
  await define(0);
  const { said, ended, stop } = startCli(['dev', '--json', '--endpoint', endpoint()], { cwd: folder });
  const events = () =>
    said.stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const printed = (event: object) => expect.poll(events, within).toContainEqual(expect.objectContaining(event));
  try {
    await printed({ type: 'end', ready: [`bucket ${names[0]}`], failed: [] });
    await define(1);
    await printed({ type: 'definition-added', definition: files[1], at: expect.any(Number) });
    await printed({ type: 'end', ready: [`bucket ${names[1]}`], failed: [] });
    await rm(join(folder, files[1] ?? ''));
    await printed({ type: 'definition-removed', definition: files[1] });
    expect((await fetch(`${endpoint()}/${names[1]}`)).status).toBe(200);

    await define(1);
    await expect.poll(() => events().filter(({ type }) => type === 'definition-added'), within).toHaveLength(2);
    await printed({ type: 'end', outcomes: { [`bucket ${names[1]}`]: 'unchanged' } });
    await writeFile(join(folder, files[1] ?? ''), '{');
    await printed({ type: 'changed', paths: [expect.stringContaining('20-two.json')] });
    await printed({ type: 'problem', definition: files[1], problem: expect.stringContaining('20-two.json') });
    await define(1);
    let count = 0;
    await expect
      .poll(async () => {
        await fetch(`${endpoint()}/${names[1]}/key-${count++}`, { method: 'PUT', body: 'text' });
        return events();
      }, within)

      .toContainEqual({
        schemaVersion: 1,
        type: 'object',
        source: names[1],
        key: expect.any(String),
        size: 4,
        at: expect.any(Number),
      });
  } catch (error) {
    throw new Error(said.stdout + said.stderr, { cause: error });
  } finally {
    stop();
    for (const file of files)
      await cli(['destroy', file, '--empty-buckets', '--endpoint', endpoint()], { cwd: folder });
    await rm(folder, { recursive: true, force: true });
  }
  expect(await ended).toBe(130);
  expect(said.stderr).toBe('');
});

test('two definitions of one resource: the later one waits until the other one gives it up', async () => {
  const [shared, other] = [uniqueName('dev-shared'), uniqueName('dev-other')];
  const bucket = (name: string) => JSON.stringify({ buckets: { [name]: {} } });
  const cwd = folderWith({ 'init/10-one.json': bucket(shared), 'init/20-two.json': bucket(shared) });
  const { said, ended, stop } = startCli(['dev', '--endpoint', endpoint()], { cwd });
  try {
    await expect
      .poll(() => said.stdout, within)
      .toMatch(/bucket dev-shared\S* is declared in both .*init\/10-one\.json and .*init\/20-two\.json/);
    expect(said.stdout).toContain('10-one is ready');
    expect(said.stdout).not.toContain('20-two is ready');
    await writeFile(join(cwd, 'init/10-one.json'), bucket(other));
    await expect.poll(() => said.stdout, within).toContain('20-two is ready');
  } finally {
    stop();
    for (const file of ['init/10-one.json', 'init/20-two.json'])
      await cli(['destroy', file, '--endpoint', endpoint()], { cwd });
  }
  expect(await ended).toBe(130);
});

test('without an engine, the error names the command that starts one', async () => {
  const { code, stderr } = await cli(['dev', '--endpoint', 'http://127.0.0.1:1'], { cwd: project });
  expect(code).toBe(1);
  expect(stderr).toMatch(/Nothing answers at .* Start one with npx ready-hooks up\.$/m);
});
