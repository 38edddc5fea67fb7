import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));

/** Writes the blocks of a docs page whose first line is `// FILE` or `# FILE` to a folder; returns the names of the TypeScript files. */
export async function writeSnippets(page: string, folder: string): Promise<string[]> {
  const text = await readFile(join(DOCS, page), 'utf8');
  const snippets = [...text.matchAll(/```(?:ts\n\/\/|py\n#) (\S+)\n([\s\S]*?)```/g)];
  for (const [, file = '', code = ''] of snippets) {
    await mkdir(join(folder, dirname(file)), { recursive: true });
    await writeFile(join(folder, file), code);
  }
  return snippets.map(([, file = '']) => file).filter((file) => file.endsWith('.ts'));
}
