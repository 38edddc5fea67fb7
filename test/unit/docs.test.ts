import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { definePipeline } from '../../src/index.ts';

const REPO = fileURLToPath(new URL('../..', import.meta.url));
const read = (page: string) => readFileSync(join(REPO, page), 'utf8');
const markdownIn = (folder: string) =>
  existsSync(join(REPO, folder))
    ? readdirSync(join(REPO, folder))
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(folder, name))
    : [];
const pages = [...markdownIn('.'), ...markdownIn('docs'), ...markdownIn('notes'), 'templates/README.md'];

// Lines of shell blocks, each part of a pipe or list on its own.
const commands = pages.flatMap((page) =>
  [...read(page).matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)]
    .flatMap(([, block = '']) => block.replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => line.replace(/(^| )#.*/, '').split(/\||&&|;|=\$\(/))
    .flatMap((part) => /^\s*(?:npx ready-hooks|npm run ready-hooks --) (.*)/.exec(part)?.[1]?.trim() ?? [])
    .map((command) => ({ page, command })),
);

test.each(commands)('$page: ready-hooks $command', async ({ command }) => {
  const root = program();
  const parsed: string[] = [];
  for (const each of root.commands)
    each.action(() => {
      parsed.push(each.name());
    });
  const words = command.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  await root.parseAsync(words, { from: 'user' });
  expect(parsed).toEqual([words[0]]);
});

test.each(pages)('%s mentions only commands and options that exist', (page) => {
  const mentioned = [...read(page).matchAll(/`(?:npx )?ready-hooks ([a-z]+)([^`]*)`/g)];
  for (const [text, name, rest = ''] of mentioned) {
    const command = program().commands.find((each) => each.name() === name);
    const options = rest.match(/--[a-z-]+/g) ?? [];
    expect(
      command?.options.map(({ long }) => long),
      text,
    ).toEqual(expect.arrayContaining(options));
  }
});

test.each(pages)('%s links to files and headings that exist', (page) => {
  const text = read(page).replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  const broken = links.filter((link) => !/^[a-z]+:/.test(link)).filter((link) => !resolves(page, link));
  expect(broken).toEqual([]);
});

function resolves(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : relative(REPO, join(REPO, dirname(page), path));
  if (!existsSync(join(REPO, target))) return false;
  return anchor === undefined || anchors(target).includes(anchor);
}

/** As GitHub makes them. */
const anchors = (page: string) =>
  [...read(page).matchAll(/^#+ (.*)/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );

test("the README's definition is part of the example", () => {
  const [, block = ''] = /```ts\n([\s\S]*?)```/.exec(read('README.md')) ?? [];
  expect(definitionOf(read('init/10-hallow-events.ts'))).toMatchObject(definitionOf(block));
});

/** Runs a definition that imports nothing else, without a build. */
function definitionOf(code: string): object {
  const body = code.replace(/^import .*/, '').replace('export default', 'return');
  return new Function('definePipeline', body)(definePipeline);
}
