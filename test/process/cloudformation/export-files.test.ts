import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli } from '../../support/cli.ts';
import { sharedFolder } from '../../support/folder.ts';

describe('files', () => {
  const folder = sharedFolder({ '10-orders.json': JSON.stringify({ streams: { orders: {} } }) });

  test('are not written if a definition is invalid', async () => {
    await writeFile(join(folder, '20-wrong.json'), '{"streams":{"s":{"shards":1}}}');
    const { code, stderr } = await cli(['export', 'cloudformation', '20-wrong.json', '--out', 'none'], { cwd: folder });
    expect(stderr).toMatch(/streams\.s\.shards is not a setting/);
    expect(code).toBe(1);
    expect(await readdir(folder)).not.toContain('none');
  });
});
