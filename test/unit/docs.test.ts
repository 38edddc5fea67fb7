import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { anchorOf, siteLink } from '../../docs/.vitepress/links.ts';
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

const anchors = (page: string) => [...read(page).matchAll(/^#+ (.*)/gm)].map(([, heading = '']) => anchorOf(heading));

const site = {
  isPage: (path: string) => /\.md$/.test(path) && existsSync(join(REPO, path)),
  exists: (path: string) => existsSync(join(REPO, path)),
};

test.each([
  ['README.md', 'docs/delivery.md', '/docs/delivery.md'],
  ['README.md', 'docs/compose.md#tested-and-untested', '/docs/compose.md#tested-and-untested'],
  ['docs/delivery.md', '../README.md', '/index.md'],
  ['docs/delivery.md', '#latest', '#latest'],
  ['templates/README.md', '../docs', '/docs/index.md'],
  ['README.md', 'README.zh-CN.md', '/zh-CN/index.md'],
  ['README.zh-CN.md', 'README.md', '/index.md'],
  ['README.md', 'https://example.com', 'https://example.com'],
  ['docs/delivery.md', '../init/', undefined],
])('on the site, a link in %s to %s leads to %s', (page, href, expected) => {
  expect(siteLink(page, href, site)).toBe(expected);
});

test('on the site, a link to a file without a page leads to the repository, once its address is known', () => {
  const published = { ...site, url: 'https://example.com/repo' };
  expect(siteLink('docs/delivery.md', '../init/', published)).toBe('https://example.com/repo/tree/HEAD/init/');
});

test('the site cannot be built with a link to a file that does not exist', () => {
  expect(() => siteLink('docs/delivery.md', '../gone.ts', site)).toThrow(
    'docs/delivery.md links to ../gone.ts, which does not exist.',
  );
});

test("the site's sidebar, made from docs/README.md, has every page", () => {
  const listed = [...read('docs/README.md').matchAll(/\]\((\S+?)\)/g)].map(([, name]) => `docs/${name}`);
  expect(listed.sort()).toEqual(markdownIn('docs').filter((page) => page !== 'docs/README.md'));
});

test("the README's definition is part of the example", () => {
  const [, block = ''] = /```ts\n([\s\S]*?)```/.exec(read('README.md')) ?? [];
  expect(definitionOf(read('init/10-hallow-events.ts'))).toMatchObject(definitionOf(block));
});

/** Runs a definition that imports nothing else, without a build. */
function definitionOf(code: string): object {
  const body = code.replace(/^import .*/, '').replace('export default', 'return');
  return new Function('definePipeline', body)(definePipeline);
}

test('README.zh-CN.md has the blocks and the links of the README', () => {
  const [english, chinese] = ['README.md', 'README.zh-CN.md'].map((page) => {
    const text = read(page);
    return {
      blocks: [...text.matchAll(/^```[\s\S]*?^```/gm)].map(([block]) => block.replaceAll(/ +# .*/g, '')),
      links: [...text.matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link]) => link)
        .filter((link) => !link?.startsWith('README')),
    };
  });
  expect(chinese).toEqual(english);
});
