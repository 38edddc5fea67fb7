import { expect, test } from 'vitest';
import { parseHooks } from '../../../../src/runtime/engine/hooks.ts';
import { judgeHooks } from '../../../../src/runtime/engine/wait-for-hooks.ts';

const script = (name: string, state: string, stage = 'READY') => ({ stage, name, state });

const judge = (scripts: object[]) => judgeHooks(['a.sh', 'b.sh'], parsed({ scripts }));
function parsed(body: object) {
  const hooks = parseHooks(body);
  if (!hooks) throw new Error('not parsed');
  return hooks;
}

test.each<[string, object[], { failed: string[]; open: string[] }]>([
  ['both successful', [script('a.sh', 'SUCCESSFUL'), script('b.sh', 'SUCCESSFUL')], { failed: [], open: [] }],
  ['one runs', [script('a.sh', 'SUCCESSFUL'), script('b.sh', 'RUNNING')], { failed: [], open: ['b.sh'] }],
  [
    'one failed, the next one still ran',
    [script('a.sh', 'ERROR'), script('b.sh', 'SUCCESSFUL')],
    { failed: ['a.sh'], open: [] },
  ],
  ['the engine lists none', [], { failed: [], open: ['a.sh', 'b.sh'] }],
  [
    'a hook of another stage',
    [script('a.sh', 'SUCCESSFUL', 'BOOT'), script('b.sh', 'SUCCESSFUL')],
    { failed: [], open: ['a.sh'] },
  ],
  [
    'ignores unexpected hooks',
    [script('a.sh', 'SUCCESSFUL'), script('b.sh', 'SUCCESSFUL'), script('c.sh', 'ERROR')],
    { failed: [], open: [] },
  ],
])('%s', (_, scripts, expected) => {
  expect(judge(scripts)).toMatchObject(expected);
});

test('lists the states by name', () => {
  expect(judge([script('a.sh', 'RUNNING')]).states).toBe('a.sh RUNNING, b.sh UNKNOWN');
});

test.each([
  ['pending', { total: 0, completed: 0, failed: 0 }, [], ['a.sh']],
  ['running', { total: 1, completed: 0, failed: 0 }, [], ['a.sh']],
  ['completed', { total: 1, completed: 1, failed: 0 }, [], []],
  ['completed', { total: 1, completed: 1, failed: 1 }, ['a.sh'], []],
  ['completed', { total: 0, completed: 0, failed: 0 }, [], ['a.sh']],
])('MiniStack, which reports no names: %s %j', (status, counts, failed, open) => {
  expect(judgeHooks(['a.sh'], parsed({ status, ...counts }))).toMatchObject({ failed, open });
});
