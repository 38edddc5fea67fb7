import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadDefinition, nameDefinition } from '../../src/build/load/load.ts';
import { settle } from '../../src/cloudformation/export/settle.ts';
import { templateOf, templateText } from '../../src/cloudformation/export/template.ts';
import { parseSource } from '../../src/cloudformation/import/document.ts';
import { importSource } from '../../src/cloudformation/import/import.ts';
import type { DeclaredPipeline } from '../../src/runtime/definition/pipeline.ts';
import { drawnDefinition } from '../support/drawn-definitions.ts';
import { type PythonTools, pythonTools, said } from '../support/python-tools.ts';
import { writeSnippets } from '../support/snippets.ts';

// READY_HOOKS_LINT_RUNS and _SEED generate more definitions, and different ones.
const numRuns = Number(process.env['READY_HOOKS_LINT_RUNS'] ?? 10);
const seed = Number(process.env['READY_HOOKS_LINT_SEED'] ?? 12141);

let folder: string;
let tools: PythonTools;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ready-hooks-lint-'));
  tools = await pythonTools();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ENV = { STAGE: 'test', API_KEY: 'secret' };

function textOf(named: DeclaredPipeline, format: 'yaml' | 'json'): string {
  const pipeline = settle(named, ENV);
  const codes = new Map(Object.keys(pipeline.functions).map((name) => [name, `${named.name}/${name}.zip`]));
  return templateText(templateOf(named.name, pipeline, codes), format);
}

/** The definitions of docs/recipes.md. */
async function recipes(): Promise<DeclaredPipeline[]> {
  const files = (await writeSnippets('recipes.md', folder)).filter((file) => file.startsWith('init/'));
  return Promise.all(files.map((file) => loadDefinition(join(folder, file))));
}

/** The definition imported from a template. */
function imported(template: string): DeclaredPipeline {
  const source = fileURLToPath(new URL(`../support/templates/${template}`, import.meta.url));
  const out = join(folder, `${template.split('/')[0]}.ts`);
  const options = { out, region: 'us-east-1', account: '000000000000', codes: new Map() };
  const parameters = new Map(template.startsWith('plain') ? [['Team', 'hallow']] : []);
  const { definition } = importSource(parseSource(readFileSync(source, 'utf8'), source), { ...options, parameters });
  return nameDefinition(definition, out);
}

test(
  'cfn-lint accepts exports of the example, the release’s pipeline, recipes, imports and random definitions',
  async () => {
    const drawn = fc.sample(drawnDefinition, { numRuns, seed });
    const named = [
      await loadDefinition('init/10-hallow-events.ts'),
      await loadDefinition('templates/ready.d/10-events/pipeline.json'),
      ...(await recipes()),
      ...['sam/template.yaml', 'plain/template.yaml', 'cdk/Orders.template.json'].map(imported),
      ...drawn.map((definition, index) => nameDefinition(definition, join(folder, `drawn-${index}.ts`))),
    ];
    const files = named.map((each, index) => {
      const format = index % 2 ? 'json' : 'yaml';
      return { path: join(folder, `${each.name}.${format}`), text: textOf(each, format) };
    });
    for (const { path, text } of files) await writeFile(path, text);
    expect(
      await said(
        tools.cfnLint,
        files.map(({ path }) => path),
      ),
    ).toEqual({ code: 0, said: '' });
  },
  60_000 + numRuns * 2_000,
);

test('cfn-lint finds errors', async () => {
  const path = join(folder, 'wrong.yaml');
  const text = textOf(await loadDefinition('init/10-hallow-events.ts'), 'yaml');
  await writeFile(path, text.replace('ShardCount: 1', 'ShardCount: none'));
  const { code, said: found } = await said(tools.cfnLint, [path]);
  expect(found).toMatch(/ShardCount|is not of type 'integer'/);
  expect(code).not.toBe(0);
});
