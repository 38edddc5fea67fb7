import { expect, test } from 'vitest';
import { planPipeline } from '../../src/library.ts';

test('a definition that is no file is named as what it is', async () => {
  const wrong = { streams: { s: { shardCount: 0 } } };
  await expect(planPipeline(wrong, { name: 'orders' })).rejects.toThrow(
    /^The definition orders: streams\.s\.shardCount is 0, but must be/,
  );
});
