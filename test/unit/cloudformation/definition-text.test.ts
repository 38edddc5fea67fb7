import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadDefinition, nameDefinition } from '../../../src/build/load/load.ts';
import { definitionText } from '../../../src/cloudformation/import/draft.ts';
import { drawnDefinition } from '../../support/drawn-definitions.ts';
import { sharedFolder } from '../../support/folder.ts';

const folder = sharedFolder();

const text = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom(`it's`, `"`, '\\', `\\'`, '\u2028', '\n', '`$'));

test.each(['ts', 'json'])(
  'a definition written to a .%s file loads as the same definition',
  async (extension) => {
    await fc.assert(
      fc.asyncProperty(
        drawnDefinition,
        fc.array(fc.dictionary(fc.string({ minLength: 1, maxLength: 9 }), fc.array(text, { minLength: 1 })), {
          maxLength: 5,
        }),
        async (one, drawn) => {
          fc.pre(!drawn.flatMap(Object.keys).some((key) => /^(\$or|__proto__|constructor|prototype)$/i.test(key)));
          // Anything like a placeholder would be rejected or filled in.
          const filters = JSON.parse(JSON.stringify(drawn).replaceAll('$', 'S'));
          const definition = {
            ...one,
            streams: { ...one.streams, always: {} },
            functions: { ...one.functions, always: { zip: 'always.zip' } },
            eventSourceMappings: [
              ...(one.eventSourceMappings ?? []),
              { stream: 'always', function: 'always', startingPosition: 'LATEST' as const, filters },
            ],
          };
          const file = join(folder, `10-drawn.${extension}`);
          await writeFile(file, definitionText(definition, file));
          expect((await loadDefinition(file)).pipeline).toEqual(nameDefinition(definition, file).pipeline);
        },
      ),
      { numRuns: 30 },
    );
  },
  120_000,
);
