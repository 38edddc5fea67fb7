import { expect, test } from 'vitest';
import { deleteHints } from '../../../src/features/delete-commands.ts';

test('the command that deletes data is not taken for the one that deletes none', () => {
  const row = (kind: 'mapping' | 'function' | 'stream' | 'bucket', command: string) => ({
    kind,
    ref: { name: kind },
    leftOver: { command },
  });
  expect(
    deleteHints([
      row('bucket', 'apply --prune-data'),
      row('function', 'apply --prune'),
      row('mapping', 'apply --prune'),
      row('stream', 'apply --prune-data'),
    ]),
  ).toEqual([
    'to delete mappings and functions: apply --prune',
    'to delete streams and buckets, too, with their data: apply --prune-data',
  ]);
});
