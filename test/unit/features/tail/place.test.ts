import { expect, test } from 'vitest';
import { parseName } from '../../../../src/features/tail/place.ts';

test.each([
  ['orders', { name: 'orders' }],
  ['stream:orders', { kind: 'stream', name: 'orders' }],
  ['bucket:a:b', { kind: 'bucket', name: 'a:b' }],
  ['stream', { name: 'stream' }],
  ['queue:orders', { name: 'queue:orders' }],
])('%s', (text, wanted) => expect(parseName(text)).toEqual(wanted));
