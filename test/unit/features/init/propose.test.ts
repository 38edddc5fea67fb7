import { expect, test } from 'vitest';
import { propose } from '../../../../src/features/init/propose.ts';
import type { Project } from '../../../../src/features/init/read-project.ts';

const EMPTY: Project = {
  definitions: [],
  typescript: true,
  packageManager: 'npm',
  has: () => false,
  resolves: () => false,
};
const COMPOSE = 'services:\n  ls:\n    image: localstack/localstack\n';

const paths = (project: Partial<Project>) => propose({ ...EMPTY, ...project }, 'orders').writes.map(({ path }) => path);

test.each<[string, Partial<Project>, string[]]>([
  [
    'an empty folder',
    {},
    ['init/10-orders.ts', 'init/functions/orders-writer.ts', 'docker-compose.yml', '.gitattributes', '.gitignore'],
  ],
  [
    'JavaScript, with a compose file',
    { typescript: false, compose: { path: 'compose.yaml', text: COMPOSE } },
    ['init/10-orders.js', 'init/functions/orders-writer.js', 'compose.yaml', '.gitattributes', '.gitignore'],
  ],
  [
    'an existing definition',
    { definitions: ['init/10-mine.ts'] },
    ['docker-compose.yml', '.gitattributes', '.gitignore'],
  ],
  [
    'an existing function of that name',
    { has: (path) => path === 'init/functions/orders-writer.ts' },
    ['init/10-orders.ts', 'docker-compose.yml', '.gitattributes', '.gitignore'],
  ],
  [
    'both lines present',
    { gitattributes: '* text=auto\r\n*.sh text eol=lf\r\n', gitignore: 'init/ready.d' },
    ['init/10-orders.ts', 'init/functions/orders-writer.ts', 'docker-compose.yml'],
  ],
])('%s', (_, project, expected) => expect(paths(project)).toEqual(expected));

test('nothing to write the second time', () => {
  const { writes } = propose(EMPTY, 'orders');
  const text = (path: string) => writes.find((each) => each.path === path)?.text ?? '';
  const again = propose(
    {
      ...EMPTY,
      definitions: ['init/10-orders.ts'],
      compose: { path: 'docker-compose.yml', text: text('docker-compose.yml') },
      gitattributes: text('.gitattributes'),
      gitignore: text('.gitignore'),
      resolves: () => true,
    },
    'orders',
  );
  expect(again.writes).toEqual([]);
  expect(again.next).toEqual(['npx ready-hooks build', 'docker compose up --wait']);
});

test('lines are added to an existing file, even without a final newline', () => {
  const { writes } = propose({ ...EMPTY, gitignore: 'node_modules' }, 'orders');
  expect(writes.find(({ path }) => path === '.gitignore')).toMatchObject({
    isNew: false,
    text: 'node_modules\ninit/ready.d/\n',
  });
});

test('the next commands use the package manager, and build into the mounted folder', () => {
  const text = `${COMPOSE}    volumes:\n      - ./hooks:/etc/localstack/init/ready.d\n`;
  const { next } = propose({ ...EMPTY, packageManager: 'pnpm', compose: { path: 'compose.yaml', text } }, 'orders');
  expect(next).toEqual([
    'pnpm add --save-dev localstack-ready-hooks @aws-sdk/client-s3',
    'pnpm exec ready-hooks build --out ./hooks',
    'docker compose up --wait',
  ]);
});

test('an existing hooks folder is not ignored in Git, as it may contain other hooks', () => {
  const text = `${COMPOSE}    volumes:\n      - ./hooks:/etc/localstack/init/ready.d\n`;
  const project = { ...EMPTY, compose: { path: 'compose.yaml', text } };
  const ignored = (of: typeof project) => propose(of, 'orders').writes.find(({ path }) => path === '.gitignore');
  expect(ignored(project)?.text).toBe('hooks/\n');
  const existing = { ...project, has: (path: string) => path === './hooks' };
  expect(ignored(existing)).toBeUndefined();
  expect(propose(existing, 'orders').notes.join('\n')).toMatch(
    /^\.\/hooks already exists .* not added to \.gitignore/m,
  );
});

test.each(['', 'ab', 'Orders', 'orders_1', '-orders', 'orders-', 'x'.repeat(58)])('the name %j is rejected', (name) => {
  expect(() => propose(EMPTY, name)).toThrow('is not valid for a bucket, a stream and a function');
});

test.each([
  ['ministack', 'docker compose up --wait'],
  ['localemu', 'docker compose up --wait localemu && docker compose run --rm pipeline'],
] as const)('a new compose file with %s, and how to start it', (engine, start) => {
  const { writes, next } = propose(EMPTY, 'orders', engine);
  expect(writes.find(({ path }) => path === 'docker-compose.yml')?.text).toContain(`  ${engine}:\n`);
  expect(next.at(-1)).toBe(start);
});

test('an engine in the compose file counts more than the default', () => {
  const compose = { path: 'compose.yaml', text: 'services:\n  aws:\n    image: floci/floci\n' };
  expect(propose({ ...EMPTY, compose }, 'orders').next.at(-1)).toBe(
    'docker compose up --wait aws && docker compose run --rm pipeline',
  );
});
