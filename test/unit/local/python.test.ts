import { describe, expect, test } from 'vitest';
import { eligible, newestOn, noPython } from '../../../src/local/localstack/releases.ts';
import { candidates, type Python, pythonEnvironment } from '../../../src/local/python/find.ts';

const python = (version: string, hasVenv = true): Python => ({ path: `/py/${version}`, version, hasVenv });

describe('which LocalStack on which Python', () => {
  test.each<[string, string[], string | undefined, string | undefined]>([
    ['the newest', ['3.11.7', '3.12.1', '3.13.0'], undefined, '4.14.0 on 3.13.0'],
    ['3.12 runs it as well', ['3.11.7', '3.12.1'], undefined, '4.14.0 on 3.12.1'],
    ['Debian 12', ['3.11.2'], undefined, '4.8.1 on 3.11.2'],
    ['too old', ['3.9.18', '3.10.13'], undefined, undefined],
    ['too new', ['3.14.0'], undefined, undefined],
    ['none', [], undefined, undefined],
    ['as requested', ['3.11.7', '3.13.0'], '4.8.1', '4.8.1 on 3.11.7'],
    ['4.2.0 only if requested', ['3.11.7'], '4.2.0', '4.2.0 on 3.11.7'],
    ['as requested, without its Python', ['3.13.0'], '4.2.0', undefined],
  ])('%s', (_, versions, version, expected) => {
    const choice = newestOn(
      eligible(version),
      versions.map((each) => python(each)),
    );
    expect(choice && `${choice.release.version} on ${choice.python.version}`).toBe(expected);
  });

  test('a Python that can create virtual environments is preferred', () => {
    const whole = { ...python('3.13.1'), path: '/whole' };
    expect(newestOn(eligible(), [python('3.13.0', false), whole])?.python).toBe(whole);
  });

  test('an unknown version is rejected', () => {
    expect(() => eligible('3.0.0')).toThrow(
      'LocalStack 3.0.0 is not available without Docker; expected one of 2026.3.0, 4.14.0, 4.8.1, 4.2.0, 3.8.1.',
    );
  });

  test.each([
    [[], 'LocalStack 4.14.0 or 4.8.1 needs Python 3.13, 3.12, 3.11, but no Python was found. Install Python 3.13'],
    [['3.9.18', '3.10.13'], 'needs Python 3.13, 3.12, 3.11, but only 3.9.18, 3.10.13 was found. Install Python 3.13'],
  ])('the message without a suitable Python, found %j', (seen, expected) => {
    const sentence = noPython(
      eligible(),
      seen.map((each) => python(each)),
    );
    expect(sentence).toContain(expected);
    expect(sentence).toContain('READY_HOOKS_PYTHON');
  });
});

test('Python is searched on PATH, then in pyenv, newest first, also if only its shims are on PATH', () => {
  const env = { PATH: '/a:/b/.pyenv/shims', HOME: '/home/me' };
  const list = (folder: string) =>
    folder === '/b/.pyenv/versions' ? ['3.9.18', '3.13.0', '3.12.1', 'my-venv', '3.13.11'] : [];
  const found = candidates(env, list);
  expect(found.slice(0, 4)).toEqual([
    '/a/python3.13',
    '/b/.pyenv/shims/python3.13',
    '/a/python3.12',
    '/b/.pyenv/shims/python3.12',
  ]);
  expect(found.slice(-4)).toEqual(
    ['3.13.11', '3.13.0', '3.12.1', '3.9.18'].map((version) => `/b/.pyenv/versions/${version}/bin/python`),
  );
});

test('variables that redirect Python are removed', () => {
  const env = { PATH: '/a', PYTHONHOME: '/x', PYTHONPATH: '/y', VIRTUAL_ENV: '/z', UV_INDEX_URL: 'kept' };
  expect(pythonEnvironment(env)).toEqual({ PATH: '/a', UV_INDEX_URL: 'kept' });
});
