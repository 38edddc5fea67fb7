import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { watchChanges } from '../../../../src/features/dev/watch-files.ts';
import { folderWith } from '../../../support/folder.ts';

test('a path that cannot be watched is a problem to report, not the end of the process', async () => {
  const loop = join(folderWith(), 'loop.ts');
  symlinkSync(loop, loop);
  const onProblem = vi.fn();
  const changes = watchChanges(undefined, { onChange() {}, onProblem });
  onTestFinished(async () => void (await changes.close()));
  changes.add([loop]);
  await vi.waitFor(() => expect(onProblem).toHaveBeenCalled());
  expect(onProblem.mock.calls[0]?.[0].message).toMatch(/^Cannot watch .*loop\.ts: too many symbolic links .*\(ELOOP\)/);
});
