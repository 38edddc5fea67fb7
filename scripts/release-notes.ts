// Prints a version's section of CHANGELOG.md; fails if it is not the package's version or has no date: tsx scripts/release-notes.ts 1.2.3
import { readFileSync } from 'node:fs';

/** The changelog's section for the version to be released. */
export function releaseNotes(version: string, packageVersion: string, changelog: string): string {
  if (version !== packageVersion)
    throw new Error(`the tag says ${version}, package.json ${packageVersion}: change one of them`);
  const section = changelog.split(/^## /m).find((text) => text.startsWith(`${version} - `));
  if (!section) throw new Error(`CHANGELOG.md has no section "## ${version} - YYYY-MM-DD": add it`);
  const [title = '', ...lines] = section.split('\n');
  if (!/ - \d{4}-\d\d-\d\d$/.test(title))
    throw new Error(`CHANGELOG.md has no date in "## ${title}": write it as YYYY-MM-DD`);
  return lines.join('\n').trim();
}

if (import.meta.filename === process.argv[1]) {
  const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  console.log(releaseNotes(process.argv[2] ?? '', JSON.parse(read('package.json')).version, read('CHANGELOG.md')));
}
