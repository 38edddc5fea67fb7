import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ENGINE_NAMES } from '../../../../src/features/init/engines.ts';
import { mergeCompose } from '../../../../src/features/init/merge-compose.ts';

const merged = (text: string) => {
  const result = mergeCompose('compose.yaml', text);
  return { ...result, parsed: parse(result.text) };
};

/** Expects all lines to be kept, in order. */
function keeps(before: string, after: string) {
  const lines = after.split('\n');
  let from = 0;
  for (const line of before.trimEnd().split('\n')) {
    const at = lines.indexOf(line, from);
    expect(at, `the line "${line}"`).toBeGreaterThanOrEqual(0);
    from = at + 1;
  }
}

const PLAIN = `# our stack
services:
  app:
    image: node:22 # the app

  localstack:
      image: "localstack/localstack:4.14.0"
      environment:
          - DEBUG=1   # noisy

# volumes we share
volumes:
  data: {}
`;

test.each([
  ['no volumes, no health check', PLAIN],
  [
    'volumes in short form',
    PLAIN.replace(
      '      environment:',
      '      volumes:\n          - ./data:/data\n          - sock:/sock # a comment\n      environment:',
    ),
  ],
  [
    'volumes in long form, at the end',
    PLAIN.replace(
      '          - DEBUG=1   # noisy',
      '          - DEBUG=1\n      volumes:\n      - type: bind\n        source: ./data\n        target: /data',
    ),
  ],
  ['another service after it', PLAIN.replace('# volumes we share', '  worker:\n    image: worker\n# volumes we share')],
  ['no newline at the end', 'services:\n  localstack:\n    image: localstack/localstack-pro'],
  [
    'a block of text at the end',
    'services:\n  localstack:\n    image: localstack/localstack\n    command: |\n      one\n      two\n',
  ],
  [
    'two LocalStack services, one named localstack',
    'services:\n  other:\n    image: localstack/localstack\n  localstack:\n    image: localstack/localstack\n',
  ],
])('%s: adds the mount and the health check, and keeps every line', (_, text) => {
  const { text: after, added, notes, parsed } = merged(text);
  keeps(text, after);
  expect(notes).toEqual([]);
  expect(added).toHaveLength(2);
  const before = parse(text);
  const { volumes, healthcheck, ...rest } = parsed.services.localstack;
  expect(volumes.at(-1)).toMatchObject({
    source: './init/ready.d',
    target: '/etc/localstack/init/ready.d',
    bind: { create_host_path: false },
  });
  expect(healthcheck.test[1]).toContain('exec node ready-hooks.cjs --wait');
  const { volumes: _volumes, ...restBefore } = before.services.localstack;
  expect(rest).toEqual(restBefore);
  expect(volumes.slice(0, -1)).toEqual(before.services.localstack.volumes ?? []);
  expect({ ...parsed, services: { ...parsed.services, localstack: 0 } }).toEqual({
    ...before,
    services: { ...before.services, localstack: 0 },
  });
  expect(mergeCompose('compose.yaml', after).text).toBe(after);
});

test('CRLF line endings are kept', () => {
  const { text } = merged(PLAIN.replaceAll('\n', '\r\n'));
  expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  expect(text.replaceAll('\r\n', '\n')).toBe(merged(PLAIN).text);
});

test('a LocalStack service is added if there is none', () => {
  const text = 'services:\n  app:\n    image: node:22\n\nnetworks:\n  back: {}\n';
  const { text: after, added, parsed } = merged(text);
  keeps(text, after);
  expect(added).toEqual(['a service localstack']);
  expect(parsed.services.app).toEqual({ image: 'node:22' });
  expect(parsed.networks).toEqual({ back: {} });
  expect(parsed.services.localstack.image).toBe('localstack/localstack:4.14.0');
});

test.each([
  ['short', '- ./hooks:/etc/localstack/init/ready.d:ro', './hooks'],
  ['long', '- { type: bind, source: ./hooks, target: /etc/localstack/init/ready.d/ }', './hooks'],
  ['of the parent folder', '- ./localstack:/etc/localstack/init', './localstack'],
])('an existing mount is kept: %s', (_, volume, source) => {
  const { added, readyD, notes } = merged(
    `services:\n  ls:\n    image: localstack/localstack\n    volumes:\n      ${volume}\n`,
  );
  expect(readyD).toBe(source);
  expect(added).toEqual(['a health check for service ls that waits for the hooks']);
  expect(notes).toEqual([expect.stringContaining(`mounts ${source} at `)]);
});

test.each([
  ['short', '- ./x.sh:/etc/localstack/init/ready.d/init.sh'],
  ['long', '- { type: bind, source: ./x.sh, target: /etc/localstack/init/ready.d/init.sh }'],
])('the hooks are mounted beside a script inside ready.d: %s', (_, volume) => {
  const text = `services:\n  ls:\n    image: localstack/localstack\n    volumes:\n      ${volume}\n`;
  const { text: after, notes, parsed } = merged(text);
  const { volumes, healthcheck } = parsed.services.ls;
  expect(volumes.at(-1).target).toBe('/etc/localstack/init/ready.d/ready-hooks');
  expect(healthcheck.test[1]).toContain('cd /etc/localstack/init/ready.d/ready-hooks\n');
  expect(notes).toEqual([expect.stringContaining('mounts ./x.sh at /etc/localstack/init/ready.d/init.sh')]);
  expect(merged(after)).toMatchObject({ text: after, added: [], notes: [] });
});

test('a second run has nothing to say about what the first one added', () => {
  expect(merged(merged(PLAIN).text)).toMatchObject({ added: [], notes: [], readyD: './init/ready.d' });
});

test('an existing health check is kept and reported', () => {
  const text = 'services:\n  ls:\n    image: localstack/localstack\n    healthcheck:\n      test: curl localhost\n';
  const { text: after, notes, parsed } = merged(text);
  keeps(text, after);
  expect(parsed.services.ls.healthcheck).toEqual({ test: 'curl localhost' });
  expect(notes[0]).toContain('already has a health check');
});

test.each([
  ['a service in flow style', 'services:\n  ls: { image: localstack/localstack }\n'],
  ['services in flow style', 'services: { app: { image: node } }\n'],
])('%s is not rewritten: a note shows the lines to add', (_, text) => {
  const { text: after, added, notes } = merged(text);
  expect(after).toBe(text);
  expect(added).toEqual([]);
  expect(notes[0]).toContain('Add this to ');
});

test('volumes in flow style are left alone, but the health check is added', () => {
  const { added, notes } = merged('services:\n  ls:\n    image: localstack/localstack\n    volumes: [a:/a]\n');
  expect(added).toHaveLength(1);
  expect(notes[0]).toContain('Add this to ls, volumes');
});

test.each([
  ['invalid YAML', 'services: [', 'compose.yaml is not valid YAML'],
  ['no services', 'version: "3"\n', 'has no services'],
  ['an empty file', '', 'has no services'],
])('%s is rejected', (_, text, message) => expect(() => merged(text)).toThrow(message));

test('the added service matches the docker-compose.yml of this repository', () => {
  const own = parse(readFileSync(new URL('../../../../docker-compose.yml', import.meta.url), 'utf8')).services
    .localstack;
  const { parsed } = merged('services:\n  app:\n    image: node:22\n');
  const { localstack } = parsed.services;
  expect(localstack.image).toBe(own.image);
  expect(localstack.volumes[0]).toEqual(own.volumes[0]);
  const withoutHint = (test: string) => test.replace(/echo '.*'/, '');
  expect(localstack.healthcheck).toMatchObject({
    interval: own.healthcheck.interval,
    timeout: own.healthcheck.timeout,
    retries: own.healthcheck.retries,
  });
  expect(withoutHint(localstack.healthcheck.test[1])).toBe(withoutHint(own.healthcheck.test[1]));
});

const TEMPLATES = new URL('../../../../templates/', import.meta.url);

test.each(ENGINE_NAMES)('the services added for %s are those of its template', (name) => {
  const folder = name === 'localstack' ? 'compose' : name;
  const template = readFileSync(new URL(`${folder}/docker-compose.yml`, TEMPLATES), 'utf8');
  const { text, engine, service } = mergeCompose('compose.yaml', 'services:\n  app:\n    image: node:22\n', name);
  expect([engine, service]).toEqual([name, name]);
  const seconds = template.replace(/\$\{LAMBDA_EVENT.*\}/, '"0.1"');
  for (const line of text.split('\n').slice(3)) expect(seconds.split('\n')).toContain(line);
  expect(mergeCompose('compose.yaml', text, name)).toMatchObject({ text, added: [], notes: [] });
});

test.each([
  ['LocalEmu', 'localemu/localemu:1.3.2', ['pipeline', 'health check for service aws']],
  ['Floci', 'registry.example.com/floci/floci', ['pipeline']],
])('%s gets a service that runs the hooks, as its image has no Node.js', (_, image, expected) => {
  const before = `services:\n  aws:\n    image: ${image}\n  app:\n    image: node:22\n`;
  const { text, added, notes, parsed } = merged(before);
  keeps(before, text);
  expect(notes).toEqual([]);
  expect(added).toEqual(expected.map((each) => expect.stringContaining(each)));
  expect(parsed.services.pipeline).toMatchObject({
    environment: { AWS_ENDPOINT_URL: 'http://aws:4566' },
    depends_on: { aws: { condition: 'service_healthy' } },
  });
  expect(parsed.services.aws).not.toHaveProperty('volumes');
  expect(merged(text)).toMatchObject({ text, added: [], notes: [] });
});

test('the last service keeps its own health check', () => {
  const before = 'services:\n  aws:\n    image: localemu/localemu\n    healthcheck:\n      test: x\n';
  const { added, parsed } = merged(before);
  expect(added).toHaveLength(1);
  expect(parsed.services.aws.healthcheck).toEqual({ test: 'x' });
});

test('MiniStack runs the hooks itself', () => {
  const { added } = merged('services:\n  aws:\n    image: ministackorg/ministack:1.5.33\n');
  expect(added).toEqual([expect.stringContaining('a mount of'), expect.stringContaining('a health check')].reverse());
});
