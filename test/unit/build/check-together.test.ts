import { describe, expect, test } from 'vitest';
import { checkTogether } from '../../../src/build/load/check-together.ts';
import { parsePipeline } from '../../../src/runtime/definition/check.ts';

const named = (name: string, definition: object) => ({
  name,
  file: `/init/${name}.ts`,
  pipeline: parsePipeline(definition, name),
});
const fn = { zip: 'f.zip' };
const mapping = { stream: 's', function: 'f', startingPosition: 'LATEST' };
const both = {
  streams: { s: { existing: true } },
  functions: { f: { existing: true } },
  eventSourceMappings: [mapping],
};

describe('checkTogether', () => {
  test.each([
    [
      'stream',
      { streams: { s: {} } },
      { streams: { s: {} } },
      'The stream s is declared in both /init/10-a.ts and /init/20-b.ts',
    ],
    ['function', { functions: { f: fn } }, { functions: { f: fn } }, 'The function f is declared in both'],
    [
      'bucket in two regions',
      { buckets: { 'b-b': {} } },
      { region: 'eu-west-1', buckets: { 'b-b': {} } },
      'The bucket b-b is',
    ],
    ['mapping', both, both, 'The mapping from stream s to function f is declared in both'],
    ['stream that a later hook creates', { streams: { s: { existing: true } } }, { streams: { s: {} } }, 'runs later'],
  ])('rejects the same %s', (_, first, second, message) => {
    expect(() => checkTogether([named('10-a', first), named('20-b', second)])).toThrow(message);
    expect(() => checkTogether([named('20-b', second), named('10-a', first)])).toThrow(message);
  });

  test.each([
    ['other names', { streams: { s: {} } }, { streams: { t: {} } }],
    ['other regions', { streams: { s: {} } }, { region: 'eu-west-1', streams: { s: {} } }],
    ['other accounts', { functions: { f: fn } }, { account: '111111111111', functions: { f: fn } }],
    ['an earlier hook’s resource as existing', { streams: { s: {} } }, { streams: { s: { existing: true } } }],
  ])('accepts %s', (_, first, second) => {
    expect(() => checkTogether([named('10-a', first), named('20-b', second)])).not.toThrow();
  });

  test('rejects two hooks with one name, and accepts one file twice', () => {
    const ts = named('10-a', {});
    expect(() => checkTogether([ts, { ...ts, file: '/init/10-a.json' }])).toThrow(
      '/init/10-a.ts and /init/10-a.json would both build the hook 10-a.sh: rename one of them.',
    );
    expect(() => checkTogether([named('10-a', both), named('10-a', both)])).not.toThrow();
  });
});
