import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
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
import { RUN } from '../support/setup/run.ts';
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

test('the examples of docs/testing.md run: Vitest with and without a global setup, node:test, and pytest', async () => {
  const cwd = join(folder, 'testing');
  await cp(join(REPO, 'init'), join(cwd, 'init'), { recursive: true });
  await mkdir(join(cwd, 'node_modules'));
  await symlink(join(REPO, 'node_modules/vitest'), join(cwd, 'node_modules/vitest'));
  expect(await writeSnippets('testing.md', cwd)).toHaveLength(3);
  await rm(join(cwd, 'vitest.config.ts'));
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1', [RUN]: process.env[RUN] };
  const vitest = (...args: string[]) => run(join(REPO, 'node_modules/.bin/vitest'), ['run', ...args], { cwd, env });
  expect((await vitest('test/hallow-events.test.ts')).stdout).toMatch(/Tests\s+1 passed/);
  expect((await run('node', ['--test', 'test/hallow-events.mjs'], { cwd, env })).stdout).toMatch(/pass 1\b/);

  await writeFile(
    join(cwd, 'shared.test.js'),
    `import { startPipeline } from 'localstack-ready-hooks/testing';
import { expect, test } from 'vitest';
test('uses the engine of the setup', async () => {
  const { BUCKET_HALLOW_EVENTS, AWS_ENDPOINT_URL: endpoint } = process.env;
  const pipeline = await startPipeline('init/10-hallow-events.ts', { endpoint });
  expect([pipeline.endpoint, BUCKET_HALLOW_EVENTS]).toEqual([endpoint, 'hallow-events']);
  await pipeline.put('hallow-event-stream', [{ id: 'a' }]);
  await pipeline.drain();
  expect(await pipeline.objects('hallow-events')).toHaveLength(1);
}, 60_000);
`,
  );
  await writeSnippets('testing.md', cwd);
  expect((await vitest('shared.test.js')).stdout).toMatch(/Tests\s+1 passed/);

  const page = await readFile(join(REPO, 'docs/testing.md'), 'utf8');
  const [, python = ''] = /```py\n([\s\S]*?)```/.exec(page) ?? [];
  await writeFile(join(cwd, 'pytest.py'), 'def fixture(**_):\n    return lambda function: function\n');
  await writeFile(join(cwd, 'conftest.py'), `${python}\nfixture = drain()\nnext(fixture)()\n`);
  await readyHooks('apply', join(cwd, 'init/10-hallow-events.ts'), '--endpoint', endpoint());
  const { stdout } = await run('python3', ['conftest.py'], { cwd, env: { ...env, AWS_ENDPOINT_URL: endpoint() } });
  expect(stdout).toMatch(/is reset after[\s\S]*is drained after/);
  await readyHooks('destroy', join(cwd, 'init/10-hallow-events.ts'), '--endpoint', endpoint());
}, 180_000);

test('its exports and types resolve, as publint and Are The Types Wrong see the packed file', async () => {
  await run('npx', ['publint', packed, '--strict'], { cwd: REPO });
  await run('npx', ['attw', packed, '--profile', 'esm-only'], { cwd: REPO });
});

test('its version is the one in package.json', async () => {
  const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
  expect((await readyHooks('--version')).stdout.trim()).toBe(manifest.version);
});

test('the packed file is at most 900 KB', async () => {
  expect((await stat(packed)).size).toBeLessThan(900_000);
});
