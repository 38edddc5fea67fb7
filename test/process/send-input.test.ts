import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canReadTwice, linesOf } from '../../src/features/send/input.ts';
import { sharedFolder } from '../support/folder.ts';

const folder = sharedFolder();
const inFolder = (name: string) => join(folder, name);

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = [];
  for await (const line of lines) read.push(line);
  return read;
}

test.each([
  ['line feeds', 'a\nb\n', ['a', 'b']],
  ['Windows line ends', 'a\r\nb\r\n', ['a', 'b']],
  ['no line end at the end', 'a\nb', ['a', 'b']],
  ['empty lines', 'a\n\nb\n', ['a', '', 'b']],
  ['nothing', '', []],
  ['characters of several bytes, over many chunks', `${'äöü€'.repeat(50_000)}\nend`, ['äöü€'.repeat(50_000), 'end']],
])('a file with %s', async (_, text, lines) => {
  writeFileSync(inFolder('file'), text);
  expect(await canReadTwice(inFolder('file'))).toBe(true);
  expect(await all(linesOf(inFolder('file')))).toEqual(lines);
});

function fifo(name: string): string {
  execFileSync('mkfifo', [inFolder(name)]);
  return inFolder(name);
}

test('a FIFO is read once, when its writer comes', async () => {
  const pipe = fifo('written');
  expect(await canReadTwice(pipe)).toBe(false);
  const lines = all(linesOf(pipe));
  spawn('sh', ['-c', 'printf "a\\nb\\n" > "$0"', pipe]);
  expect(await lines).toEqual(['a', 'b']);
});

test('reading a FIFO that nobody writes to can be stopped', async () => {
  const stop = new AbortController();
  const lines = all(linesOf(fifo('silent'), stop.signal));
  stop.abort(new Error('stopped'));
  await expect(lines).rejects.toThrow('stopped');
});

test.each([
  ['missing', 'File missing not found. Name another file, or - for stdin.'],
  ['.', '. is a folder. Name another file, or - for stdin.'],
])('%s is rejected', async (name, message) => {
  await expect(canReadTwice(name)).rejects.toThrow(message);
});

test('a line that never ends is rejected before it fills the memory', async () => {
  writeFileSync(inFolder('long'), Buffer.alloc(17 * 1024 * 1024, 'x'));
  await expect(all(linesOf(inFolder('long')))).rejects.toThrow(/^.*long has a line of over 16777216 characters/);
});
