import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkWritable } from '../../../src/cli/writable.ts';
import { folderWith, rejection } from '../../support/folder.ts';

test.each([
  ['a link to itself', 'loop', 'it cannot be opened (ELOOP)'],
  ['a name that is too long', 'x'.repeat(300), 'it cannot be opened (ENAMETOOLONG)'],
  ['a folder', 'folder', 'it is a folder'],
  ['a file below a file', 'file/x', 'its folder cannot be created or written to (EEXIST)'],
])('before anything is created, %s is rejected', async (_, name, reason) => {
  const folder = folderWith({ file: '', 'folder/file': '' });
  symlinkSync('loop', join(folder, 'loop'));
  expect(await rejection(checkWritable(join(folder, name)))).toContain(`: ${reason}. Name another file.`);
});

test.each(['file', 'new', 'new/file'])('%s can be written', async (name) => {
  await checkWritable(join(folderWith({ file: '' }), name));
});

test('a socket is rejected', async () => {
  const path = join(folderWith({}), 'socket');
  const server = createServer().listen(path);
  await once(server, 'listening');
  expect(await rejection(checkWritable(path))).toContain(': it is a socket. Name another file.');
  server.close();
});
