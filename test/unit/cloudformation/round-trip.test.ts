import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameDefinition } from '../../../src/build/load/load.ts';
import { settle } from '../../../src/cloudformation/export/settle.ts';
import { type Format, templateOf, templateText } from '../../../src/cloudformation/export/template.ts';
import { parseSource } from '../../../src/cloudformation/import/document.ts';
import { importSource } from '../../../src/cloudformation/import/import.ts';
import type { Pipeline } from '../../../src/runtime/definition/pipeline.ts';
import { drawnDefinition } from '../../support/drawn-definitions.ts';
import { sharedFolder } from '../../support/folder.ts';

const ENV = { STAGE: 'test', API_KEY: 'secret' };
const runs = { numRuns: Number(process.env['READY_HOOKS_ROUND_TRIPS'] ?? 60) };

const zips = ['distribute', 'Distribute', 'hallow_event-writer'].map((name) => [`10-drawn/${name}.zip`, '']);
const folder = sharedFolder(Object.fromEntries(zips));

/** The settings that go to AWS, and so survive the round trip; docs/cloudformation.md lists the others. */
function comparable(pipeline: Pipeline): unknown {
  return JSON.parse(
    JSON.stringify(pipeline, (key, value) => {
      if (key === 'wait' || key === 'acl' || key === 'zip' || key === 'seed') return undefined;
      return key === 'startingPositionTimestamp' ? new Date(value).toISOString() : value;
    }),
  );
}

test.each<Format>(['yaml', 'json'])(
  'export → %s → import returns the same definition',
  (format) => {
    fc.assert(
      fc.property(drawnDefinition, (definition) => {
        const pipeline = settle(nameDefinition(definition, join(folder, '10-drawn.ts')), ENV);
        const codes = new Map(Object.keys(pipeline.functions).map((name) => [name, `10-drawn/${name}.zip`]));
        const text = templateText(templateOf('10-drawn', pipeline, codes), format);
        const out = join(folder, 'again.ts');
        const { region } = pipeline;
        const options = { out, region, account: '000000000000', parameters: new Map(), codes: new Map() };
        const imported = importSource(parseSource(text, join(folder, `10-drawn.${format}`)), options);
        const again = nameDefinition(imported.definition, out).pipeline;
        expect(comparable(again)).toEqual(comparable(pipeline));
        for (const [name, fn] of Object.entries(again.functions))
          expect(fn.existing || fn.zip).toEqual(fn.existing ? true : join(folder, '10-drawn', `${name}.zip`));
      }),
      runs,
    );
  },
  120_000,
);
