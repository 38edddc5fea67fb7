import { describe, expect, test } from 'vitest';
import { apply } from '../../src/runtime/apply/apply.ts';
import { endpoint } from '../support/engine.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';
import { type RecordedExchange, recordingProxy } from '../support/proxy.ts';

/** To know the engine: what it is, and its runtimes. */
const ENGINE = 2;
/** Requests of a first run; looks at what is not ready yet do not count, since their number is the engine's. */
const FIRST_RUN = 14;
const RERUN = 8;

const NOT_YET = /"(?:StreamStatus|State)": ?"(?:CREATING|Pending|Creating|Enabling)"/;

describe('requests of a run', () => {
  test(`a new pipeline: at most ${FIRST_RUN}; run again with nothing changed: at most ${RERUN}, 2 a resource`, async () => {
    const sample = samplePipeline(uniqueName('budget'));
    // An account of its own: with over 100 mappings of other tests, the list of them has a second page.
    sample.pipeline.account = '111122223333';
    const first = await requestsOf(sample);
    const again = await requestsOf(sample);
    expect(over(first, FIRST_RUN)).toBe('');
    expect(over(again, RERUN)).toBe('');
    // The proxy has seen a run at all.
    expect(first.filter((name) => name === 'CreateEventSourceMapping')).toHaveLength(1);
    expect(again).toContain('DescribeStreamSummary');
  });
});

async function requestsOf(sample: ReturnType<typeof samplePipeline>): Promise<string[]> {
  const proxy = await recordingProxy(endpoint());
  const result = await apply(sample, { endpoint: proxy.endpoint });
  await proxy.close();
  if (!result.ok) throw Object.values(result.failures)[0];
  const lookedTooSoon = ({ operation, response }: RecordedExchange) =>
    /^(Get|Describe)/.test(operation) && NOT_YET.test(response);
  const operations = proxy.exchanges.filter((exchange) => !lookedTooSoon(exchange)).map(({ operation }) => operation);
  // Each look at a mapping begins with the list.
  const looks = proxy.exchanges.filter(
    (exchange) => exchange.operation === 'GetEventSourceMapping' && lookedTooSoon(exchange),
  );
  for (const _ of looks) operations.splice(operations.lastIndexOf('ListEventSourceMappings'), 1);
  return operations;
}

/** Empty within the budget; else by how much it is over, and what was asked. */
function over(operations: readonly string[], budget: number): string {
  const aws = operations.filter((operation) => !operation.includes(' '));
  const ownEngine = operations.length - aws.length;
  if (aws.length <= budget && ownEngine <= ENGINE) return '';
  const counts = new Map<string, number>();
  for (const operation of operations) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return `${aws.length} requests, budget ${budget}, and ${ownEngine} to know the engine, budget ${ENGINE}: ${[...counts].map(([name, count]) => `${count} ${name}`).join(', ')}`;
}
