import { parsePipeline } from '../../../src/definition/check.ts';

/** What parsePipeline says of a definition, without its source; undefined when it accepts it. */
export function problemsOf(input: unknown): string | undefined {
  try {
    parsePipeline(input, 'a.ts');
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
