import { describe, expect, test } from 'vitest';
import { apply, type Runnable } from '../../src/runtime/apply/apply.ts';
import { prune } from '../../src/runtime/apply/prune.ts';
import { endpoint } from '../support/engine.ts';
import { samplePipeline, uniqueName } from '../support/pipelines.ts';
import { type RecordedExchange, recordingProxy } from '../support/proxy.ts';

/** Requests that detect the engine and its runtimes. */
const ENGINE = 2;
/** Requests of a first run, without reads of unready resources: their number depends on the engine. */
const FIRST_RUN = 15;
const RERUN = 8;
/** Looking for what is no longer declared: one list per kind. The hook leaves this out on its first start. */
const LEFT_OVER = 4;

const NOT_YET = /"(?:StreamStatus|State)": ?"(?:CREATING|Pending|Creating|Enabling)"/;

describe('requests of a run', () => {
  test(`a new pipeline: at most ${FIRST_RUN}; a re-run without changes: at most ${RERUN}, 2 per resource`, async () => {
    const name = uniqueName('budget');
    const sample = { ...samplePipeline(name), owner: name };
    const first = await requestsOf(sample, applied);
    const again = await requestsOf(sample, applied);
    const check = await requestsOf(sample, prune);
    expect(over(first, FIRST_RUN)).toBe('');
    expect(over(again, RERUN)).toBe('');
    expect(over(withoutTags(check), LEFT_OVER)).toBe('');
    // Proves that the proxy saw the run.
    expect(first.filter((name) => name === 'CreateEventSourceMapping')).toHaveLength(1);
    expect(again).toContain('DescribeStreamSummary');
    expect(check).toContain('ListFunctions');
  });
});

async function applied(sample: Runnable, options: { endpoint: string }): Promise<void> {
  const result = await apply(sample, options);
  if (!result.ok) throw Object.values(result.failures)[0];
}

/** Resources of other tests on this engine cost one request each. */
const withoutTags = (operations: string[]) => operations.filter((each) => !/Tags|Tagging/.test(each));

async function requestsOf(
  sample: Runnable,
  work: (sample: Runnable, options: { endpoint: string }) => Promise<unknown>,
): Promise<string[]> {
  const proxy = await recordingProxy(endpoint());
  await work(sample, { endpoint: proxy.endpoint });
  await proxy.close();
  const isTooEarly = ({ operation, response }: RecordedExchange) =>
    /^(Get|Describe)/.test(operation) && NOT_YET.test(response);
  const operations = proxy.exchanges.filter((exchange) => !isTooEarly(exchange)).map(({ operation }) => operation);
  // Each read of a mapping begins with the list.
  const early = proxy.exchanges.filter(
    (exchange) => exchange.operation === 'GetEventSourceMapping' && isTooEarly(exchange),
  );
  for (const _ of early) operations.splice(operations.lastIndexOf('ListEventSourceMappings'), 1);
  return operations;
}

/** Empty within the budget; otherwise the number of requests, and which. */
function over(operations: readonly string[], budget: number): string {
  const aws = operations.filter((operation) => !operation.includes(' '));
  const ownEngine = operations.length - aws.length;
  if (aws.length <= budget && ownEngine <= ENGINE) return '';
  const counts = new Map<string, number>();
  for (const operation of operations) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return `${aws.length} requests, budget ${budget}, and ${ownEngine} to detect the engine, budget ${ENGINE}: ${[...counts].map(([name, count]) => `${count} ${name}`).join(', ')}`;
}
