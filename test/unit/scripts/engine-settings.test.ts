import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ENGINES } from '../../../scripts/compat/engines.ts';
import { PROBES } from '../../../scripts/compat/settings/measure.ts';
import { enginesPage, PAGE } from '../../../scripts/compat/settings/page.ts';
import type { Verdict } from '../../../scripts/compat/settings/probe.ts';
import { changes, type Measured, readResults } from '../../../scripts/compat/settings/results.ts';
import { behaviourOf } from '../../../src/runtime/engine/localstack-versions.ts';
import { PRODUCTS } from '../../../src/runtime/engine/products.ts';

const results = await readResults();
const measured = ENGINES.filter((engine) => engine.measured);

test('docs/engines.md matches the last measurements, and every cell has one', async () => {
  expect(await readFile(PAGE, 'utf8')).toBe(enginesPage(results));
  expect(Object.keys(results)).toEqual(measured.map(({ name }) => name));
  for (const { outcomes, measuredOn } of Object.values(results)) {
    expect(Object.keys(outcomes)).toEqual(PROBES.map(({ title }) => title));
    expect(measuredOn).toMatch(/^\d{4}-\d\d-\d\d$/);
  }
});

describe.each(measured)('the table in code is what was measured: $name', ({ name, product, version }) => {
  const { quirks } = PRODUCTS[product];
  const behaviour = product === 'localstack' ? behaviourOf(version) : undefined;
  const verdict = (title: string): Verdict | undefined => results[name]?.outcomes[title]?.verdict;

  test.each<[quirk: keyof typeof quirks, title: string, Verdict[]]>([
    ['latestLosesFirstRecords', '`LATEST`', ['loses records']],
    ['mappingsStartAtHorizon', '`LATEST`', ['ignored']],
    ['atTimestampNeverDelivers', '`AT_TIMESTAMP`', ['delivers nothing']],
    ['atTimestampIsLatest', '`AT_TIMESTAMP`', ['loses records']],
    ['reshardBreaksMappings', 'a stream is resharded', ['loses records', 'repeats records']],
    ['updateRestartsPoller', 'a mapping is updated', ['repeats records']],
    ['pollerKeepsEarlierStream', 'a stream is deleted and re-created', ['delivers nothing', 'loses records']],
    ['disabledMappingNeverGoes', 'a mapping is deleted while disabled', ['stays']],
  ])('%s', (quirk, title, verdicts) => {
    expect(quirks[quirk] ?? false).toBe(verdicts.includes(verdict(title) as Verdict));
  });

  const { ignoredSettings = [], honouredSettings: only } = quirks;
  const ignored = [
    ...ignoredSettings,
    ...(behaviour?.batchingWindow === false ? ['maximumBatchingWindowSeconds'] : []),
    ...(behaviour?.recordAge === false ? ['maximumRecordAgeSeconds'] : []),
  ];
  const settings = PROBES.flatMap(({ title, setting }) => (setting ? [{ title, setting }] : []));
  test.each(settings.filter(({ setting }) => setting !== 'startingPosition' && setting !== 'enabled'))(
    '$title',
    ({ title, setting }) => {
      const noBucket = title === '`onFailure`, bucket' && behaviour?.bucketDestination === false;
      const isIgnored = noBucket || ignored.includes(setting) || (only && !only.includes(setting));
      expect(verdict(title)).toBe(isIgnored ? 'ignored' : 'works');
    },
  );

  test('a mapping without its stream', () => {
    const expected = behaviour?.missingStream ?? (product === 'ministack' ? 'accepted' : 'rejected');
    expect(verdict('a mapping on a stream that does not exist')).toBe(expected);
  });
});

test('a difference names the engine, the setting and what was counted', () => {
  const run = (verdict: Verdict): Measured => ({
    LocalStack: { measuredOn: '2026-11-30', outcomes: { order: { verdict, seen: '0 lost' } } },
  });
  expect(changes(run('works'), run('works'))).toEqual([]);
  expect(changes(run('works'), run('ignored'))).toEqual(['LocalStack, order: expected works, got ignored (0 lost)']);
  expect(changes({}, run('works'))).toEqual(['LocalStack, order: expected nothing, got works (0 lost)']);
});
