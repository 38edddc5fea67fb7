import { expect, test } from 'vitest';
import { type EngineHooks, parseHooks } from '../../../../src/runtime/engine/hooks.ts';

const script = (name: string, state: string, stage = 'READY') => ({ stage, name, state });
/** As seen on Floci 1.7.0, built from source. After a failed hook it exits. */
const floci = (finished: boolean, ready: object[]) => ({
  completed: { boot: true, start: true, ready: finished, shutdown: false },
  scripts: { boot: [], start: [], ready, shutdown: [] },
});

test.each<[string, unknown, [EngineHooks['state'], string] | undefined]>([
  ['LocalStack, no hook', { completed: true, scripts: [] }, ['none', '']],
  ['LocalStack, not started', { completed: false, scripts: [script('a.sh', 'UNKNOWN')] }, ['pending', 'a.sh UNKNOWN']],
  [
    'LocalStack, between two hooks',
    { completed: false, scripts: [script('a.sh', 'SUCCESSFUL'), script('b.sh', 'UNKNOWN')] },
    ['running', 'a.sh SUCCESSFUL, b.sh UNKNOWN'],
  ],
  [
    'LocalStack, completed is true after an error',
    { completed: true, scripts: [script('a.sh', 'ERROR'), script('b.sh', 'SUCCESSFUL')] },
    ['failed', 'a.sh ERROR, b.sh SUCCESSFUL'],
  ],
  [
    'LocalStack, all stages: only ready hooks count',
    { completed: { READY: true }, scripts: [script('x.sh', 'ERROR', 'BOOT'), script('a.sh', 'SUCCESSFUL')] },
    ['ready', 'a.sh SUCCESSFUL'],
  ],
  ['Floci 1.7.0, no hook', floci(true, []), ['none', '']],
  ['Floci 1.7.0, lists no hooks while they run', floci(false, []), ['running', 'hooks have not finished']],
  [
    'Floci 1.7.0, all successful',
    floci(true, [
      { state: 'successful', script: '/etc/localstack/init/ready.d/10-a.sh', return_code: 0 },
      { state: 'successful', script: '/etc/localstack/init/ready.d/20-b.sh', return_code: 0 },
    ]),
    ['ready', '10-a.sh SUCCESSFUL, 20-b.sh SUCCESSFUL'],
  ],
  [
    'MiniStack, not started',
    { status: 'pending', total: 2, completed: 0, failed: 0 },
    ['pending', '0 of 2 hooks finished'],
  ],
  ['MiniStack, no hook', { status: 'completed', total: 0, completed: 0, failed: 0 }, ['none', '0 of 0']],
  ['MiniStack, one finished', { status: 'running', total: 2, completed: 1, failed: 0 }, ['running', '1 of 2']],
  [
    'MiniStack, completed with a failure',
    { status: 'completed', total: 2, completed: 2, failed: 1 },
    ['failed', '2 of 2 hooks finished, 1 failed'],
  ],
  ['MiniStack, all successful', { status: 'completed', total: 2, completed: 2, failed: 0 }, ['ready', '2 of 2']],
  ['a web page', undefined, undefined],
  ['something else', { hello: 1 }, undefined],
  ['null', null, undefined],
])('%s', (_, body, expected) => {
  const parsed = parseHooks(body);
  expect(parsed?.state).toBe(expected?.[0]);
  if (expected) expect(parsed?.summary).toContain(expected[1]);
});
