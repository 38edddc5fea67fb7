import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { objectsIn } from '../support/bucket.ts';
import { endpoint } from '../support/engine.ts';
import { pack } from '../support/pack.ts';
import { uniqueName } from '../support/pipelines.ts';
import { putTogether } from '../support/records.ts';
import { writeSnippets } from '../support/snippets.ts';

const REPO = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

// The package as a user gets it, in a separate folder.
let folder: string;
let packed: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-package-'));
  packed = await pack(folder);
  await writeFile(join(folder, 'package.json'), '{ "name": "someone", "private": true }');
  await run('npm', ['install', '--no-audit', '--no-fund', packed], { cwd: folder });
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const readyHooks = (...args: string[]) => run('npx', ['--no-install', 'ready-hooks', ...args], { cwd: folder });

test('the installed command builds and applies a definition', async () => {
  const name = uniqueName('package');
  await writeFile(join(folder, 'handler.ts'), 'export const handler = async (event: unknown) => event;\n');
  await writeFile(
    join(folder, 'orders.ts'),
    `import { definePipeline } from 'localstack-ready-hooks';
export default definePipeline({
  streams: { '${name}': {} },
  functions: { '${name}': { entry: './handler.ts' } },
  eventSourceMappings: [{ stream: '${name}', function: '${name}', startingPosition: 'LATEST' }],
});
`,
  );
  const built = await readyHooks('build', 'orders.ts', '--out', 'ready.d');
  expect(built.stdout).toMatch(/built \S*ready\.d: 1 hook/);
  const { stdout } = await run('sh', ['ready.d/orders.sh'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], AWS_ENDPOINT_URL: endpoint() },
  });
  expect(stdout).toMatch(/^ready-hooks: orders is ready in .*: 3 created$/m);
  const again = await readyHooks('apply', 'orders.ts', '--endpoint', endpoint());
  expect(again.stdout).toMatch(/all 3 resources unchanged/);
});

test('the package contains the page that a finding names', async () => {
  await writeFile(join(folder, 'missing.json'), JSON.stringify({ streams: { [uniqueName('missing')]: {} } }));
  const { stdout } = await readyHooks('doctor', 'missing.json', '--endpoint', endpoint()).catch((error) => error);
  const [, page = '', heading] = /more: (.*)#(.*)$/m.exec(stdout) ?? [];
  expect(page).toBe('node_modules/localstack-ready-hooks/docs/troubleshooting.md');
  expect(await readFile(join(folder, page), 'utf8')).toMatch(new RegExp(`^#+ ${heading?.split('-')[0]}`, 'im'));
});

test('init in an empty folder writes a pipeline that starts and delivers', async () => {
  const cwd = join(folder, 'new');
  await mkdir(cwd);
  const name = uniqueName('init');
  const inNew = (...args: string[]) => run('npx', ['--no-install', 'ready-hooks', ...args], { cwd });
  await expect(inNew('init', '--name', name)).rejects.toThrow('Not a terminal');
  expect(await readdir(cwd)).toEqual([]);
  expect((await inNew('init', '--name', name, '--yes')).stdout).toContain('npx ready-hooks build');
  expect((await inNew('init', '--name', name, '--dry-run')).stdout).toContain('Nothing to write');
  await inNew('build');
  const env = { PATH: process.env['PATH'], AWS_ENDPOINT_URL: endpoint() };
  await run('sh', [`init/ready.d/10-${name}.sh`], { cwd, env });
  await putTogether(endpoint(), name, ['a', 'b']);
  const events = async () => [...(await objectsIn(endpoint(), name)).values()].sort();
  await expect.poll(events, { timeout: 20_000, interval: 200 }).toEqual(['a', 'b']);
  await inNew('apply', `init/10-${name}.js`, '--endpoint', endpoint(), '--outputs', '.env', '--outputs', 'out.json');
  const { eventSourceMappings } = JSON.parse(await readFile(join(cwd, 'out.json'), 'utf8'));
  expect(await readFile(join(cwd, '.env'), 'utf8')).toContain(`=${eventSourceMappings[0].uuid}\n`);
  await inNew('destroy', `init/10-${name}.js`, '--empty-buckets', '--endpoint', endpoint());
});

test('a CommonJS project can require it, and definitions need no "type": "module"', async () => {
  await writeFile(
    join(folder, 'plan.cjs'),
    `
const { definePipeline, planPipeline } = require('localstack-ready-hooks');
planPipeline(definePipeline({ streams: { orders: {} } })).then((steps) => console.log(JSON.stringify(steps)));
`,
  );
  const { stdout } = await run('node', ['plan.cjs'], { cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject([{ step: 'stream orders' }]);
});

test("Vitest runs the recipe's global setup", async () => {
  await writeSnippets('recipes.md', folder);
  await mkdir(join(folder, 'init/functions'));
  for (const name of ['invoice', 'ship'])
    await writeFile(join(folder, `init/functions/${name}.ts`), 'export const handler = async () => undefined;\n');
  const config = { test: { globals: true, globalSetup: ['./test/global-setup.ts'] } };
  await writeFile(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)};\n`);
  await writeFile(join(folder, 'one.test.js'), "test('runs after the setup', () => undefined);\n");
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1', AWS_ENDPOINT_URL: endpoint() };
  const { stdout } = await run(join(REPO, 'node_modules/.bin/vitest'), ['run'], { cwd: folder, env });
  expect(stdout).toMatch(/Tests\s+1 passed/);
  // Fails if anything is not ready.
  await readyHooks('status', 'init/10-orders.ts', '--endpoint', endpoint());
  await readyHooks('destroy', 'init/10-orders.ts', '--endpoint', endpoint());
});

test('its exports and types resolve, as publint and Are The Types Wrong see the packed file', async () => {
  await run('npx', ['publint', packed, '--strict'], { cwd: REPO });
  await run('npx', ['attw', packed, '--profile', 'esm-only'], { cwd: REPO });
});

test('its version is the one in package.json', async () => {
  const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
  expect((await readyHooks('--version')).stdout.trim()).toBe(manifest.version);
});

test('the packed file is at most 740 KB', async () => {
  expect((await stat(packed)).size).toBeLessThan(740_000);
});
