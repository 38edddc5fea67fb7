import type { RunContext } from '../../../../src/runtime/apply/context.ts';
import type { Clock } from '../../../../src/runtime/clock.ts';
import type { Aws } from '../../../../src/runtime/engine/connect.ts';
import type { Step } from '../../../../src/runtime/plan.ts';
import type { Event } from '../../../../src/runtime/report/events.ts';
import { world } from '../resources/world.ts';

/** A clock that only advances on sleep. */
export function fakeClock(): Clock & { slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}

export type Answer = Error | object;
/** The response to an operation's n-th call; the last one repeats. */
export type Answers = Record<string, Answer | Answer[]>;

/** An engine with scripted responses: only for behaviour that a real one cannot show on demand. */
export function scripted(given: Answers): {
  run: RunContext;
  calls: string[];
  events: Omit<Event, 'at'>[];
  slept: number[];
} {
  // The list only keeps the engine's log clean; DescribeStreamSummary decides what exists.
  const answers: Answers = { ListStreams: { StreamNames: ['s'] }, ...given };
  const calls: string[] = [];
  const events: Omit<Event, 'at'>[] = [];
  const clock = fakeClock();
  const aws: Aws = {
    endpoint: 'http://engine',
    region: 'us-east-1',
    account: '000000000000',
    engine: world().engine,
    close: () => undefined,
    // biome-ignore lint/suspicious/noExplicitAny: scripted responses stand for every output
    call: async (operation): Promise<any> => {
      calls.push(operation);
      const scripted = [answers[operation] ?? new Error(`No response scripted for ${operation}`)].flat();
      const count = calls.filter((name) => name === operation).length;
      const answer = scripted[Math.min(count, scripted.length) - 1];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return {
    run: { aws, clock, requestTimeoutMs: 30_000, emit: (event) => events.push(event) },
    calls,
    events,
    slept: clock.slept,
  };
}

/** An error as the SDK throws it. */
export function sdkError(name: string, status = 400, message = 'as scripted'): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

export const streamStep: Step = {
  label: 'stream s',
  kind: 'stream',
  ref: { name: 's' },
  declared: { streamMode: 'PROVISIONED', shardCount: 1, retentionPeriodHours: 24, tags: {} },
  existing: false,
  needs: [],
  wait: { timeoutMs: 10_000, settleMs: 0 },
};

export const streamIn = (StreamStatus: string) => ({
  StreamDescriptionSummary: {
    StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
    StreamStatus,
    OpenShardCount: 1,
    RetentionPeriodHours: 24,
  },
});
