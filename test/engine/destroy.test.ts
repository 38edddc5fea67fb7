import { expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { endpoint } from '../support/engine.ts';
import { folderWith } from '../support/folder.ts';
import { uniqueName } from '../support/pipelines.ts';

test('what another pipeline declares by now is not deleted, until it is taken back', async () => {
  const name = uniqueName('destroy');
  const definition = JSON.stringify({ buckets: { [name]: {} }, streams: { [name]: {} } });
  const cwd = folderWith({ '10-old.json': definition, '15-new.json': definition });
  const run = (...args: string[]) => cli([...args, '--endpoint', endpoint()], { cwd });
  for (const file of ['10-old.json', '15-new.json']) expect(await run('apply', file)).toMatchObject({ code: 0 });

  const refused = await run('destroy', '10-old.json', '--empty-buckets');
  expect(refused.stderr).toBe(
    `ready-hooks: Nothing was deleted, because another pipeline, 15-new, owns what 10-old declares: stream ${name}, bucket ${name}. Delete it with the definition 15-new, or apply 10-old first to take it back.\n`,
  );
  expect(refused.code).toBe(1);
  expect(await run('status', '15-new.json')).toMatchObject({ code: 0 });

  expect(await run('apply', '10-old.json')).toMatchObject({ code: 0 });
  expect(await run('destroy', '10-old.json')).toMatchObject({ code: 0 });
});
