import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DefaultTheme, defineConfig, type MarkdownRenderer, type PageData } from 'vitepress';
import { anchorOf, type Repository, routeOf, siteLink } from './links.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const { name, description, repository } = JSON.parse(read('package.json'));

const FOLDERS = ['docs', 'notes', 'templates'];
const markdownIn = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
const pages = [...markdownIn('.'), ...FOLDERS.flatMap(markdownIn)];
const otherFolders = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !FOLDERS.includes(entry.name))
  .map((entry) => entry.name);

const repo: Repository = {
  isPage: (path) => pages.includes(path),
  exists: (path) => existsSync(join(ROOT, path)),
  url: (repository?.url ?? repository)?.replace(/^git\+|\.git$/g, ''),
};

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0969da"/><path d="M8 17l5 5 11-12" fill="none" stroke="#fff" stroke-width="4"/></svg>`;

/** Pages outside of docs/ do not find docs/node_modules; the built server code, which is in docs/, does. */
const vueForAllPages = {
  name: 'vue-for-all-pages',
  enforce: 'pre' as const,
  resolveId: (id: string, _from: string | undefined, { ssr }: { ssr?: boolean }) =>
    ssr && /^vue(\/|$)/.test(id) ? { id, external: true } : undefined,
};

export default defineConfig({
  title: name,
  description,
  srcDir: '..',
  srcExclude: [...otherFolders.map((folder) => `${folder}/**`), '*/*/**'],
  rewrites: routeOf,
  lang: 'en',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
  markdown: { anchor: { slugify: anchorOf }, config: forTheSite },
  // Messages quoted in the pages name the engine's address.
  ignoreDeadLinks: 'localhostLinks',
  vite: { plugins: [vueForAllPages] },
  transformPageData: (page) => (page.filePath.startsWith('README') ? home(page) : undefined),
  themeConfig: {
    nav: [
      { text: 'Documentation', link: '/docs/' },
      { text: 'Settings', link: '/docs/definition' },
      { text: '中文', link: '/zh-CN/' },
    ],
    sidebar: [
      { text: 'Documentation', items: linksIn('docs/README.md') },
      { text: 'Project', items: ['templates/README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'].map(titled) },
      { text: 'Research', items: markdownIn('notes').map(titled), collapsed: true },
    ],
    search: { provider: 'local', options: { miniSearch: { options: { tokenize: wordsIn } } } },
    ...(repo.url && { socialLinks: [{ icon: 'github', link: repo.url }] }),
  },
});

function forTheSite(markdown: MarkdownRenderer): void {
  const code = markdown.renderer.rules.code_inline;
  markdown.renderer.rules.code_inline = (tokens, index, ...rest) => {
    // Otherwise Vue evaluates {{ }}.
    tokens[index]?.attrSet('v-pre', '');
    return code?.(tokens, index, ...rest) ?? '';
  };
  markdown.core.ruler.push('repository_links', ({ tokens, env }) => {
    const page = relative(ROOT, env.realPath ?? env.path);
    for (const { children } of tokens) rewriteLinks(page, children ?? []);
  });
  markdown.core.ruler.push('chinese', ({ tokens, env, Token }) => {
    if (!(env.realPath ?? env.path).includes('zh-CN')) return;
    const html = (content: string) => Object.assign(new Token('html_block', '', 0), { content });
    tokens.unshift(html('<div lang="zh-CN">\n'));
    tokens.push(html('</div>\n'));
  });
}

/** A link to a file with no page leads to the published repository; until its address is known, it is plain text. */
function rewriteLinks(page: string, tokens: ReturnType<MarkdownRenderer['parse']>): void {
  let isLink = true;
  for (const token of tokens) {
    if (token.type === 'link_open') {
      const href = siteLink(page, token.attrGet('href') ?? '', repo);
      isLink = href !== undefined;
      token.attrs = isLink ? [['href', href ?? '']] : [];
    }
    if (token.type.startsWith('link_') && !isLink) [token.type, token.tag] = ['text_only', 'span'];
  }
}

/** Chinese has no spaces between words, so each of its characters counts as one. The browser gets this function as text. */
function wordsIn(text: string): string[] {
  return text.match(/\p{sc=Han}|[^\n\r\p{Z}\p{P}\p{sc=Han}]+/gu) ?? [];
}

function home(page: PageData): Partial<PageData> {
  const isChinese = page.filePath.includes('zh-CN');
  const [text, start, settings, problems] = isChinese
    ? ['就绪，就能送达', '开始使用', '配置项', '排查问题']
    : ['Ready means delivering', 'Start', 'Settings', 'Solve a problem'];
  const action = (text: string, link: string, theme: 'brand' | 'alt' = 'alt') => ({ text, link, theme });
  return {
    titleTemplate: text,
    frontmatter: {
      layout: 'home',
      hero: {
        name,
        text,
        actions: [
          action(start, '/docs/daily-work', 'brand'),
          action(settings, '/docs/definition'),
          action(problems, '/docs/troubleshooting'),
        ],
      },
    },
  };
}

/** The links of a page, as entries of the sidebar. */
function linksIn(page: string): DefaultTheme.SidebarItem[] {
  return [...read(page).matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, text = '', href = '']) => ({
    text: text.replace(/^./, (letter) => letter.toUpperCase()),
    link: siteLink(page, href, repo) ?? '',
  }));
}

/** A page under its own title, as an entry of the sidebar. */
function titled(page: string): DefaultTheme.SidebarItem {
  return { text: /^# (.*)/m.exec(read(page))?.[1] ?? page, link: `/${routeOf(page)}` };
}
