import { expect, test } from 'vitest';
import { type HookState, judgeHooks } from '../../../src/status/hooks.ts';

const script = (name: string, state: HookState['state'], stage = 'READY'): HookState => ({ stage, name, state });

test.each<[string, HookState[], { failed: string[]; open: string[] }]>([
  ['both ended well', [script('a.sh', 'SUCCESSFUL'), script('b.sh', 'SUCCESSFUL')], { failed: [], open: [] }],
  ['one runs', [script('a.sh', 'SUCCESSFUL'), script('b.sh', 'RUNNING')], { failed: [], open: ['b.sh'] }],
  [
    'one failed, the next one still ran',
    [script('a.sh', 'ERROR'), script('b.sh', 'SUCCESSFUL')],
    { failed: ['a.sh'], open: [] },
  ],
  ['none is known to the engine', [], { failed: [], open: ['a.sh', 'b.sh'] }],
  [
    'of another stage',
    [script('a.sh', 'SUCCESSFUL', 'BOOT'), script('b.sh', 'SUCCESSFUL')],
    { failed: [], open: ['a.sh'] },
  ],
  [
    'others are not ours to judge',
    [script('a.sh', 'SUCCESSFUL'), script('b.sh', 'SUCCESSFUL'), script('c.sh', 'ERROR')],
    { failed: [], open: [] },
  ],
])('%s', (_, scripts, expected) => {
  expect(judgeHooks(['a.sh', 'b.sh'], scripts)).toMatchObject(expected);
});

test('the states are told by name', () => {
  expect(judgeHooks(['a.sh', 'b.sh'], [script('a.sh', 'RUNNING')]).states).toBe('a.sh RUNNING, b.sh UNKNOWN');
});
