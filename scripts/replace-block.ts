import { readFile } from 'node:fs/promises';

/** Returns a page with the text between `<!-- NAME -->` and `<!-- end -->` replaced. */
export async function replaceBlock(page: string, name: string, text: string): Promise<string> {
  const before = await readFile(page, 'utf8');
  const block = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(\n<!-- end -->)`);
  if (!block.test(before)) throw new Error(`${page} has no <!-- ${name} --> … <!-- end -->`);
  return before.replace(block, (_, open, close) => open + text + close);
}
