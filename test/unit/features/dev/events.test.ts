import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type DevEvent, textRenderer } from '../../../../src/features/dev/events.ts';

const at = Date.UTC(2026, 10, 23, 14, 54, 19, 572);
const endpoint = 'http://127.0.0.1:4566';

test.each<[DevEvent, string[]]>([
  [
    { type: 'changed', paths: [resolve('init/a.ts'), resolve('init/b.ts')], at },
    ['ready-hooks: init/a.ts, init/b.ts changed'],
  ],
  [{ type: 'definition-added', definition: 'init/20-b.ts', at }, ['ready-hooks: init/20-b.ts added']],
  [
    { type: 'definition-removed', definition: 'init/20-b.ts', at },
    [
      'ready-hooks: init/20-b.ts removed; its resources still exist. To delete what no other definition declares, restore the file and run `npx ready-hooks destroy init/20-b.ts`',
    ],
  ],
  [
    { type: 'problem', problem: 'It does not compile.', definition: 'init/a.ts', at },
    ['ready-hooks: It does not compile.', 'ready-hooks: waiting for a fix'],
  ],
  [{ type: 'problem', problem: 'The bucket b was deleted.', at }, ['ready-hooks: The bucket b was deleted.']],
  [{ type: 'engine-away', endpoint, at }, [`ready-hooks: waiting for ${endpoint} to answer`]],
  [
    { type: 'engine-back', restarted: true, endpoint, at },
    [`ready-hooks: the engine at ${endpoint} restarted; applying again`],
  ],
  [{ type: 'engine-back', restarted: false, endpoint, at }, [`ready-hooks: ${endpoint} answers again`]],
  [
    { type: 'engine-back', endpoint, at },
    [`ready-hooks: ${endpoint} answers again, but does not report whether it restarted; applying again`],
  ],
  [
    { type: 'inspected', function: 'f', port: 9229, at },
    [
      'ready-hooks: debug f at 127.0.0.1:9229: with chrome://inspect, or VS Code and this in .vscode/launch.json:',
      '  {"name":"f","type":"node","request":"attach","port":9229,"restart":true,"resolveSourceMapLocations":null}',
    ],
  ],
  [{ type: 'object', source: 'b', key: 'k', size: 2, at }, ['14:54:19.572 b  + k (2 bytes)']],
  [
    { type: 'step-ready', step: 'bucket b', kind: 'bucket', ref: { name: 'b' }, outcome: 'created', tookMs: 3, at: 4 },
    [expect.stringContaining('bucket b: ready (created) in 3 ms')],
  ],
])('$type as text', (event, lines) => {
  const written: string[] = [];
  textRenderer((line) => written.push(line))(event);
  expect(written).toEqual(lines);
});
