import { expect, test } from 'vitest';
import { readable } from '../../../../src/features/tail/log-text.ts';

const ID = '905d91ba-7b05-4d5d-b0c7-93eb17cd44ac';
const line = (level: string, message: string, id = ID) => `2026-11-23T14:54:19.569Z\t${id}\t${level}\t${message}`;
const stack = ['Error: no id', '    at handler (f.ts:3:9)'];
const error = JSON.stringify({ errorType: 'Error', errorMessage: 'no id', stack });

test.each([
  [`START RequestId: ${ID} Version: $LATEST`, []],
  [`END RequestId: ${ID}`, []],
  ['INIT_START Runtime Version: nodejs:22.v1', []],
  [
    `REPORT RequestId: ${ID}\tDuration: 2.31 ms\tBilled Duration: 3 ms\tMemory Size: 128 MB\tMax Memory Used: 85 MB`,
    ['took 2.31 ms, 85 of 128 MB'],
  ],
  [`REPORT RequestId: ${ID}\tDuration: 3000 ms\tStatus: timeout`, ['took 3000 ms, timeout']],
  [line('INFO', 'a\nb'), ['a', 'b']],
  [line('WARN', 'slow', 'undefined'), ['WARN slow']],
  [line('ERROR', `Invoke Error \t${error}`), ['ERROR Invoke Error: Error: no id', '    at handler (f.ts:3:9)']],
  [line('ERROR', 'Invoke Error\t{"errorType":"string","errorMessage":"x"}'), ['ERROR Invoke Error: string: x']],
  [line('ERROR', 'got\t{half'), ['ERROR got\t{half']],
  ['[ERROR] KeyError: id\nTraceback', ['[ERROR] KeyError: id', 'Traceback']],
  [`[INFO]\t2026-11-23T14:54:19.569Z\t${ID}\tsold\tout`, ['sold\tout']],
  ['[WARNING]\t2026-11-23T14:54:19.569Z\t\tslow', ['WARNING slow']],
])('%j', (text, lines) => expect(readable(text)).toEqual(lines));
