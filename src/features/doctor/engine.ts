import { behaviourOf, unsupportedEngine } from '../../runtime/engine/localstack-versions.ts';
import { type Finding, finding } from './catalog.ts';
import type { Facts } from './facts.ts';

export function diagnoseEngine(facts: Facts): Finding[] {
  return [version(facts), unreadRequest(facts)].flatMap((found) => found ?? []);
}

function version({ engine, mappings }: Facts): Finding | undefined {
  const { product, version, name } = engine;
  const old = unsupportedEngine({ product, version });
  if (old) return finding('RH501', name, old, `the engine tells version ${version}`, 'take a newer image');
  const behaviour = product === 'localstack' ? behaviourOf(version) : undefined;
  if (!behaviour?.losesRecordsWhenIdle || mappings.length === 0) return undefined;
  return finding(
    'RH502',
    name,
    `${name} can lose single records after minutes without any, and deliver others up to 14 s late.`,
    `the engine tells version ${version}; 4.2.0 was seen to lose 3 of 6 records after 5 minutes without any, 4.14.0 none`,
    'use a newer LocalStack, best 4.14.0, where that matters',
  );
}

/** Nothing shows it while it lasts: the poller's request ends after 60 s, and only then it goes on. */
function unreadRequest({ engine, log }: Facts): Finding | undefined {
  const unread = log?.events.find((event) => event.type === 'kinesis-unread');
  if (unread?.type !== 'kinesis-unread') return undefined;
  return finding(
    'RH118',
    engine.name,
    'The Kinesis engine left a request unread for 60 s, and its mapping delivered nothing meanwhile.',
    `${log?.file}: ${unread.line}`,
    'run LocalStack with Node.js 18 to 24 first on its PATH (under 26 its Kinesis engine does this), or start it with ready-hooks up, which works with all',
  );
}
