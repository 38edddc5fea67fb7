import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { healthcheckIn, indent, mountAt, READY_D } from '../../src/features/init/service.ts';
import { readAction } from '../support/composite-action.ts';

const TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url));
const REPO = dirname(TEMPLATES);
const read = (...path: string[]) => readFileSync(join(TEMPLATES, ...path), 'utf8');
const files = readdirSync(TEMPLATES, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
  .map((entry) => relative(TEMPLATES, join(entry.parentPath, entry.name)));
const composeFiles = files.filter((file) => basename(file) === 'docker-compose.yml');

// The devcontainer runs apply instead: a fresh clone has no ready.d yet, and the host may have no Node.js to build it.
test.each(composeFiles.filter((file) => !file.startsWith('devcontainer')))(
  '%s has the mount and the health check that init writes',
  (file) => {
    const text = read(file);
    const { services } = parse(text);
    // Their images have no Node.js.
    const isOutside = /^(floci|localemu)/.test(file);
    const mount = isOutside ? mountAt('/ready.d') : mountAt(READY_D);
    expect(text).toContain(indent(mount, 6).join('\n'));
    if (!isOutside) expect(text).toContain(indent(healthcheckIn(READY_D), 4).join('\n'));
    for (const { depends_on = {} } of Object.values<{ depends_on?: object }>(services))
      expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(depends_on)));
  },
);

test('the README links every template, and none of its links is broken', () => {
  const targets = [...read('README.md').matchAll(/\]\(([^)#:]+)\)/g)].map(([, target = '']) => target);
  for (const target of targets) expect(existsSync(join(TEMPLATES, target)), target).toBe(true);
  const folders = readdirSync(TEMPLATES).filter((name) => name !== 'README.md');
  expect(targets).toEqual(expect.arrayContaining(folders));
});

test('the ConfigMap has every file of the template ready.d that a hook reads, and the mounts match', () => {
  const listed = [...read('README.md').matchAll(/--from-file=init\/ready\.d\/(\S+)/g)].map(([, file]) => file);
  const { volumeMounts } = parse(read('kubernetes/values-configmap.yaml'));
  const mounted = volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath.split('/ready.d/')[1]);
  expect(mounted).toEqual(listed);
  for (const { mountPath, subPath } of volumeMounts) expect(basename(mountPath)).toBe(subPath);
  const declared = files.filter((file) => file.startsWith('ready.d/')).map((file) => file.slice('ready.d/'.length));
  expect([...declared, '10-events.sh', 'ready-hooks.cjs'].sort()).toEqual([...listed].sort());
});

test('both values files for Kubernetes make LocalStack wait for its pod’s Docker engine', () => {
  const [image, configMap] = ['image', 'configmap'].map((name) => parse(read(`kubernetes/values-${name}.yaml`)));
  expect(image.mountDind).toEqual({ enabled: true });
  expect(image.extraEnvVars).toContainEqual({ name: 'DOCKER_SDK_DEFAULT_RETRIES', value: '40' });
  expect([configMap.mountDind, configMap.extraEnvVars]).toEqual([image.mountDind, image.extraEnvVars]);
});

test('the GitHub job uses the same actions as our own CI, and five commands', () => {
  const uses = (text: string) => [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
  const own = uses(readFileSync(join(REPO, '.github/workflows/ci.yml'), 'utf8'));
  const template = read('github-actions/.github/workflows/pipeline.yml');
  expect(own).toEqual(expect.arrayContaining(uses(template)));
  const { jobs } = parse(template);
  expect(jobs.test.steps.map(({ run }: { run?: string }) => run).filter(Boolean)).toHaveLength(5);
});

test('our action uses the same actions as our own CI, and describes every input and output', () => {
  const own = readFileSync(join(REPO, '.github/workflows/ci.yml'), 'utf8');
  const { inputs, outputs, runs } = readAction(REPO);
  for (const { uses } of runs.steps) if (uses) expect(own).toContain(`uses: ${uses}\n`);
  expect([...Object.values(inputs), ...Object.values(outputs)]).toEqual(
    Array(Object.keys({ ...inputs, ...outputs }).length).fill(
      expect.objectContaining({ description: expect.stringMatching(/\.$/) }),
    ),
  );
});

test('the packages for Testcontainers are pinned', () => {
  const { devDependencies } = JSON.parse(read('testcontainers-typescript/package.json'));
  const lock = JSON.parse(read('testcontainers-typescript/package-lock.json'));
  for (const [name, version] of Object.entries(devDependencies))
    expect(lock.packages[`node_modules/${name}`].version).toBe(version);
  for (const line of read('testcontainers-python/requirements.txt').trim().split('\n'))
    expect(line).toMatch(/^[a-z]+==[\d.]+$/);
  expect(read('testcontainers-java/pom.xml')).not.toMatch(/<version>(?:LATEST|RELEASE|.*[[(])/);
});
