import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { releaseNotes } from '../../../scripts/release-notes.ts';

const changelog = '# Changelog\n\n## 1.1.0 - not released yet\n\n- New\n\n## 1.0.0 - 2026-01-02\n\n- First\n- Second\n';

test('the release notes are the version’s section', () => {
  expect(releaseNotes('1.0.0', '1.0.0', changelog)).toBe('- First\n- Second');
});

test.each([
  ['1.0.0', '1.0.1', 'the tag says 1.0.0, package.json 1.0.1'],
  ['1.2.0', '1.2.0', 'no section "## 1.2.0 - YYYY-MM-DD"'],
  ['1.1.0', '1.1.0', 'no date in "## 1.1.0 - not released yet"'],
])('tag %s of package version %s is rejected', (tag, version, message) => {
  expect(() => releaseNotes(tag, version, changelog)).toThrow(message);
});

test('the changelog has a section for the version in package.json', () => {
  const text = readFileSync(new URL('../../../CHANGELOG.md', import.meta.url), 'utf8');
  expect(text).toContain(`\n## ${manifest.version} - `);
});
