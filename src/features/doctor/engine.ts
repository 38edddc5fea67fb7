import { behaviourOf, unsupportedEngine } from '../../runtime/engine/localstack-versions.ts';
import { type Finding, finding } from './catalog.ts';
import { TOKEN_FIX } from './compose-file.ts';
import type { Facts, LogFacts } from './facts.ts';
import { publicAddress } from './public-name.ts';

export function diagnoseEngine(facts: Facts): Finding[] {
  return [version(facts), unreadRequest(facts), ...publicAddress(facts.engine.endpoint)].flatMap(
    (found) => found ?? [],
  );
}

function version({ engine, mappings }: Facts): Finding | undefined {
  const { product, version, name } = engine;
  const old = unsupportedEngine({ product, version });
  if (old) return finding('RH501', name, old, `the engine reports version ${version}`, 'use a newer image');
  const behaviour = product === 'localstack' ? behaviourOf(version) : undefined;
  if (!behaviour?.losesRecordsWhenIdle || mappings.length === 0) return undefined;
  return finding(
    'RH502',
    name,
    `${name} can lose single records after a few idle minutes, and deliver others up to 14 s late.`,
    `the engine reports version ${version}; in tests, 4.2.0 lost 3 of 6 records after 5 idle minutes, and 4.14.0 lost none`,
    'use a newer LocalStack if that matters, ideally 4.14.0',
  );
}

/** The image ends at its start, with exit code 55. */
export function noLicence(log: LogFacts | undefined): Finding[] {
  const event = log?.events.find(({ type }) => type === 'no-licence');
  if (event?.type !== 'no-licence') return [];
  return [
    finding(
      'RH402',
      'engine',
      'LocalStack did not start, because it found no token.',
      `${log?.file}: ${event.line}`,
      TOKEN_FIX,
    ),
  ];
}

/** Invisible while it lasts: only when the poller's request times out after 60 s does the log show it. */
function unreadRequest({ engine, log }: Facts): Finding | undefined {
  const unread = log?.events.find((event) => event.type === 'kinesis-unread');
  if (unread?.type !== 'kinesis-unread') return undefined;
  return finding(
    'RH118',
    engine.name,
    'The Kinesis engine stalled on a request for 60 s, and its mapping delivered nothing during that time.',
    `${log?.file}: ${unread.line}`,
    'put Node.js 18 to 24 first on the PATH of LocalStack (its Kinesis engine stalls under Node.js 26), or start LocalStack with npx ready-hooks up, which works with every version',
  );
}
