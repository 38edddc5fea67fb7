import { describe, expect, test } from 'vitest';
import { judge, type ResourceStatus, type Status, whyNotReady } from '../../../../src/features/status/status.ts';
import { waitUntilReady } from '../../../../src/features/status/wait.ts';
import type { EngineHooks } from '../../../../src/runtime/engine/hooks.ts';
import { AbortedError, ExpectedError, InvalidInputError, TimeoutError } from '../../../../src/runtime/errors.ts';
import { fakeClock } from '../../runtime/apply/fake.ts';

const hooks = (state: EngineHooks['state']): EngineHooks => ({ state, scripts: [], summary: `a.sh ${state}` });
const pipelines = (...states: ResourceStatus['state'][]) => [
  {
    pipeline: 'p',
    resources: states.map((state, n) => ({
      resource: `stream ${n}`,
      kind: 'stream' as const,
      ref: {},
      state,
      detail: 'why',
    })),
  },
];

test.each<[EngineHooks | undefined, ResourceStatus['state'][], Status['state']]>([
  [hooks('ready'), ['ready', 'ready'], 'ready'],
  [hooks('none'), ['ready'], 'ready'],
  [undefined, ['ready'], 'ready'],
  [undefined, [], 'ready'],
  [hooks('running'), ['ready'], 'waiting'],
  [hooks('pending'), ['missing'], 'waiting'],
  [hooks('ready'), ['ready', 'missing'], 'waiting'],
  [hooks('ready'), ['differs'], 'waiting'],
  [hooks('failed'), ['ready'], 'failed'],
  [hooks('running'), ['failed', 'waiting'], 'failed'],
])('hooks %o and resources %j: %s', (seen, states, expected) => {
  expect(judge(seen, pipelines(...states))).toBe(expected);
});

test('left over: only a mapping that still reads matters, and waiting does not end that', () => {
  const row = (stillReads: boolean) => {
    const leftOver = { command: 'npx x --prune', ...(stillReads && { stillReads: true as const }) };
    return [
      {
        pipeline: 'p',
        resources: [{ resource: 'm', kind: 'mapping' as const, ref: {}, state: 'left over' as const, leftOver }],
      },
    ];
  };
  expect(judge(hooks('ready'), row(false))).toBe('ready');
  expect(judge(hooks('running'), row(true))).toBe('waiting');
  expect(judge(hooks('ready'), row(true))).toBe('failed');
  const [missing] = pipelines('missing');
  expect(judge(undefined, [...row(true), ...(missing ? [missing] : [])])).toBe('waiting');
  const seen: Status = { endpoint: 'http://e', engine: 'LocalStack', pipelines: row(true), state: 'failed' };
  expect(whyNotReady(seen)?.message).toBe(
    'Not ready at http://e: m is left over. To delete what is left over: npx x --prune',
  );
});

function status(seen: EngineHooks['state'], ...states: ResourceStatus['state'][]): Status {
  const [h, p] = [hooks(seen), pipelines(...states)];
  return { endpoint: 'http://e', engine: 'LocalStack', hooks: h, pipelines: p, state: judge(h, p) };
}

test('a status that is not ready explains why', () => {
  expect(whyNotReady(status('ready', 'ready'))).toBeUndefined();
  expect(whyNotReady(status('running', 'ready', 'waiting'))?.message).toBe(
    'Not ready at http://e: hooks: a.sh running; stream 1 is waiting (why).',
  );
});

describe('waiting', () => {
  const reads =
    (...answers: (Status | Error)[]) =>
    async () => {
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error || !answer) throw answer;
      return answer;
    };
  const down = new ExpectedError('Nothing answers at http://e.');

  test('continues while nothing answers and hooks run, and reports each change once', async () => {
    const reported: string[] = [];
    const read = reads(down, down, status('running', 'missing'), status('ready', 'ready'));
    const seen = await waitUntilReady(read, { clock: fakeClock(), onProgress: (message) => reported.push(message) });
    expect(seen.state).toBe('ready');
    expect(reported).toHaveLength(2);
  });

  test('ends as soon as something fails', async () => {
    const clock = fakeClock();
    await expect(waitUntilReady(reads(status('failed', 'ready')), { clock })).rejects.toThrow('hooks: a.sh failed');
    expect(clock.slept).toEqual([]);
  });

  test('ends at its time limit with everything that is not ready', async () => {
    const clock = fakeClock();
    const error = await waitUntilReady(reads(status('ready', 'missing')), { clock, timeoutMs: 1_000 }).catch((e) => e);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.message).toBe('Gave up after 1 s. Not ready at http://e: stream 0 is missing (why).');
    expect(clock.now()).toBe(1_000);
  });

  test('ends at once on a wrong address or a bug', async () => {
    const clock = fakeClock();
    await expect(waitUntilReady(reads(new InvalidInputError('rejected')), { clock })).rejects.toThrow('rejected');
    await expect(waitUntilReady(reads(new TypeError('bug')), { clock })).rejects.toThrow(TypeError);
  });

  test('stops on the signal', async () => {
    const signal = AbortSignal.abort();
    await expect(waitUntilReady(reads(status('running')), { clock: fakeClock(), signal })).rejects.toThrow(
      AbortedError,
    );
  });
});
