import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadDefinition } from '../../src/build/load/load.ts';
import { settle } from '../../src/cloudformation/export/settle.ts';
import { templateOf, templateText } from '../../src/cloudformation/export/template.ts';
import { parseSource } from '../../src/cloudformation/import/document.ts';
import { importSource } from '../../src/cloudformation/import/import.ts';
import { planPipeline } from '../../src/library.ts';
import type { DeclaredPipeline } from '../../src/runtime/definition/pipeline.ts';
import { ExpectedError } from '../../src/runtime/errors.ts';
import { drawnDefinition } from '../support/drawn-definitions.ts';
import { sharedFolder } from '../support/folder.ts';
import { fuzzing } from '../support/fuzz.ts';
import { mutate, mutations } from '../support/mutations.ts';

const folder = sharedFolder();
const env = { STAGE: 'test', API_KEY: 'key' };

/** Fails for any error but an expected one, which has a short message. Returns whether there was none. */
async function isAccepted(work: () => unknown): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    expect(error.message.length).toBeLessThan(20_000);
    return false;
  }
}

function exported(declared: DeclaredPipeline): string {
  const pipeline = settle(declared, env);
  const codes = new Map(Object.keys(pipeline.functions).map((name) => [name, 'code.zip']));
  return templateText(templateOf(declared.name, pipeline, codes), 'yaml');
}

const counted = () => ({ true: 0, false: 0 });

test('a definition with odd values is accepted or rejected, and never a bug', async () => {
  const { runs, note } = fuzzing(1_500);
  const seen = counted();
  await fc.assert(
    fc.asyncProperty(drawnDefinition, mutations(), async (definition, changes) => {
      const one = structuredClone(definition);
      mutate(one, changes);
      seen[`${await isAccepted(() => planPipeline(one, { env, folder }))}`]++;
      await isAccepted(async () => exported(await loadDefinition(one, { folder })));
    }),
    runs,
  );
  note(`definitions: ${seen.true} accepted, ${seen.false} rejected`);
}, 3_600_000);

/** Text with a piece removed, repeated or replaced. */
const edits = fc.array(
  fc.tuple(
    fc.nat(),
    fc.nat(40),
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '{', '}', '[', '"', ',', ': ', '\n- ', '!Sub ', '&a ', '*a', '\t'),
    ),
  ),
  { minLength: 1, maxLength: 2 },
);

function edited(text: string, changes: readonly [number, number, string][]): string {
  let now = text;
  for (const [at, length, piece] of changes) {
    const from = at % (now.length + 1);
    now = now.slice(0, from) + piece + now.slice(from + length);
  }
  return now;
}

test('a JSON file with mistakes is accepted or rejected', async () => {
  const { runs, note } = fuzzing(500);
  const seen = counted();
  const file = join(folder, '10-a.json');
  await fc.assert(
    fc.asyncProperty(drawnDefinition, edits, async (definition, changes) => {
      writeFileSync(file, edited(JSON.stringify(definition, undefined, 1), changes));
      seen[`${await isAccepted(() => planPipeline(file, { env }))}`]++;
    }),
    runs,
  );
  note(`JSON files: ${seen.true} accepted, ${seen.false} rejected`);
}, 3_600_000);

test('a template with mistakes is imported or rejected', async () => {
  const { runs, note } = fuzzing(300);
  const seen = counted();
  const templates = ['sam/template.yaml', 'plain/template.yaml', 'cdk/Orders.template.json'].map((name) =>
    join(import.meta.dirname, '../support/templates', name),
  );
  const options = {
    out: '/none/10-x.ts',
    region: 'us-east-1',
    account: '000000000000',
    parameters: new Map(),
    codes: new Map(),
  };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...templates), edits, async (file, changes) => {
      const text = edited(readFileSync(file, 'utf8'), changes);
      seen[`${await isAccepted(() => importSource(parseSource(text, file), options))}`]++;
    }),
    runs,
  );
  note(`templates: ${seen.true} accepted, ${seen.false} rejected`);
}, 3_600_000);
