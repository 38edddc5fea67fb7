import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { replaceFile } from '../../../src/build/ready-d/replace-file.ts';
import { ExpectedError } from '../../../src/runtime/errors.ts';
import { FileError, mkdir, readdir, readFile, readFileSync, writeFile } from '../../../src/runtime/file-system.ts';
import { sharedFolder } from '../../support/folder.ts';

const folder = sharedFolder({ file: 'text' });
const at = (path: string) => join(folder, path);

describe('a path that the file system or Node.js rejects is the user’s to correct', () => {
  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a missing file',
      () => readFile(at('none')),
      /^Cannot read .*none: no such file or directory \(ENOENT\)\. Correct/,
    ],
    ['a folder', () => readFile(folder), /^Cannot read .*: it is a folder\. Use a file instead\.$/],
    ['a device', () => readFile('/dev/zero'), /: it is a pipe, a socket or a device\./],
    ['a path inside a file', () => readFile(at('file/x')), /: not a directory \(ENOTDIR\)/],
    ['a null character', () => readFile(at('a\0b')), /: it contains a null character\./],
    ['a long name', () => writeFile(at('x'.repeat(300)), ''), /^Cannot write .*: name too long \(ENAMETOOLONG\)/],
    ['a file in place of a folder', () => mkdir(at('file')), /^Cannot create the folder .*: file already exists/],
    ['a file that is listed', () => readdir(at('file')), /^Cannot read .*: not a directory/],
  ])('%s', async (_, call, message) => {
    const error = await call().then(String, (reason) => reason);
    expect(error).toBeInstanceOf(ExpectedError);
    expect(error.message).toMatch(message);
  });

  test('a file over 512 MB, which Node.js could not make a string of', async () => {
    await writeFile(at('large'), '');
    truncateSync(at('large'), 3 * 2 ** 30);
    await expect(readFile(at('large'), 'utf8')).rejects.toThrow(/it has 3221225472 bytes, over the limit of \d+\. Use/);
  });

  test('in a synchronous call', () => {
    expect(() => readFileSync(folder)).toThrow(FileError);
  });
});

test('a file that cannot be replaced is named, not its temporary file', async () => {
  await expect(replaceFile('/proc/none/a.json', '')).rejects.toThrow(
    /^Cannot write \/proc\/none\/a\.json: no such file/,
  );
});

test('an error keeps the system’s code and cause', async () => {
  const error = await readFile(at('none')).catch((reason) => reason);
  expect(error).toMatchObject({ code: 'ENOENT', cause: { syscall: 'stat' } });
});

test('an argument of a wrong type stays a bug', async () => {
  await expect(readdir(undefined as never)).rejects.toThrow(TypeError);
});

test('a file is read as text or bytes', async () => {
  expect(await readFile(at('file'), 'utf8')).toBe('text');
  expect(await readFile(at('file'))).toEqual(Buffer.from('text'));
});
