import { posix } from 'node:path';

/** The anchor of a heading, as GitHub makes it. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');

/** A Markdown file's path on the site. */
export const routeOf = (page: string): string =>
  page.replace(/README\.zh-CN\.md$/, 'zh-CN/index.md').replace(/README\.md$/, 'index.md');

export interface Repository {
  isPage: (path: string) => boolean;
  exists: (path: string) => boolean;
  /** Unknown until the publisher sets `repository` in package.json. */
  url?: string | undefined;
}

/**
 * Where a link in a Markdown file leads on the site: to a page, or to a file in the published repository; undefined while
 * the repository's address is unknown.
 */
export function siteLink(from: string, href: string, { isPage, exists, url }: Repository): string | undefined {
  if (/^(#|[a-z]+:)/.test(href)) return href;
  const [path = '', anchor] = href.split('#');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const file = posix.join(posix.dirname(from), path);
  const page = [file, posix.join(file, 'README.md')].find(isPage);
  if (page) return `/${routeOf(page)}${hash}`;
  if (!exists(file)) throw new Error(`${from} links to ${href}, which does not exist.`);
  return url && `${url}/tree/HEAD/${file}${hash}`;
}
