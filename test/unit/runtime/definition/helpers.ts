import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { parsePipeline } from '../../../../src/runtime/definition/check.ts';

const published = JSON.parse(readFileSync(new URL('../../../../schema/pipeline.schema.json', import.meta.url), 'utf8'));
/** Whether the published JSON Schema accepts a definition, as in an editor. */
export const schemaAccepts = new Ajv2020({ strict: true, strictRequired: false }).compile(published);

/** The message of parsePipeline, without the source; undefined if it accepts the definition, as the schema then must, too. */
export function problemsOf(input: unknown): string | undefined {
  try {
    parsePipeline(input, 'a.ts');
    schemaAccepts(JSON.parse(JSON.stringify(input)));
    expect(schemaAccepts.errors ?? []).toEqual([]);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^a\.ts(?:: | has )/, '');
  }
}

export const withBucket = (name: string, settings: object = {}) => ({ buckets: { [name]: settings } });
export const withStream = (settings: object, name = 's') => ({ streams: { [name]: settings } });
export const withFunction = (settings: object, name = 'f') => ({
  functions: { [name]: { entry: 'f.ts', ...settings } },
});
export const withMapping = (settings: object) => ({
  ...withStream({}),
  ...withFunction({}),
  ...withBucket('dead'),
  eventSourceMappings: [{ stream: 's', function: 'f', startingPosition: 'LATEST', ...settings }],
});
export const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, i) => make(i));
