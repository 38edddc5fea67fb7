import { expect, test } from 'vitest';
import { preview } from '../../../../src/runtime/apply/preview.ts';
import { scripted, sdkError, streamStep } from './fake.ts';

test('a resource that cannot be read while another one changes is waited for', async () => {
  const { run } = scripted({ DescribeStreamSummary: sdkError('ResourceInUseException') });
  expect(await preview([streamStep], run.aws)).toMatchObject([
    { change: 'wait', detail: expect.stringMatching(/^for its dependencies, now ResourceInUseException/) },
  ]);
});

test('any other error ends the preview', async () => {
  const { run } = scripted({ DescribeStreamSummary: sdkError('AccessDeniedException', 403) });
  await expect(preview([streamStep], run.aws)).rejects.toThrow();
});
