import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { actionsOn } from '../../../scripts/try-new-user/pages.ts';
import { rowLine } from '../../../scripts/try-new-user/report.ts';
import { PAGES } from '../../../scripts/try-new-user/walk.ts';

test('a page is followed in order: its commands one by one, and the files that it shows', () => {
  const page = [
    'Text.\n\n```sh\nnpm ci && npm start\n```',
    '### Tests\n\n```ts\n// test/a.test.ts\nexport {};\n```\n\n```ts\nexport {};\n```',
    '```sh\n# a comment\ndocker compose up   # without Docker: npx x up\nnpx x send   # a comment\n```',
  ].join('\n\n');
  expect(actionsOn(page)).toEqual([
    { heading: '', command: 'npm ci' },
    { heading: '', command: 'npm start' },
    { heading: 'Tests', file: 'test/a.test.ts', text: '// test/a.test.ts\nexport {};\n' },
    { heading: 'Tests', command: 'docker compose up', withoutDocker: 'npx x up' },
    { heading: 'Tests', command: 'npx x send' },
  ]);
});

test('an engine that a page stops is not used after that, but started again', () => {
  let isUp = false;
  for (const page of PAGES)
    for (const action of actionsOn(readFileSync(join(import.meta.dirname, '../../..', page), 'utf8'))) {
      const command = 'command' in action ? (action.withoutDocker ?? action.command) : '';
      if (/^npm start|ready-hooks up/.test(command)) isUp = true;
      if (/ready-hooks down/.test(command)) isUp = false;
      if (/ready-hooks (apply|destroy|dev|tail|send|drain|reset|status)/.test(command))
        expect({ page, command, isUp }).toEqual({ page, command, isUp: true });
    }
});

test('a line of the report', () => {
  expect(rowLine({ page: 'README.md', command: 'npm ci', seconds: 12.34, code: 0 })).toBe(
    '  12.3 s    0  README.md: npm ci',
  );
  expect(rowLine({ page: 'README.md', command: 'docker ps', leftOut: 'needs Docker' })).toBe(
    '            –  README.md: docker ps (left out: needs Docker)',
  );
});
