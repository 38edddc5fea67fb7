import { expect, test } from 'vitest';
import { runtimes } from '../../../src/definition/runtimes.ts';
import { nearest } from '../../../src/definition/words.ts';

const settings = ['memorySize', 'timeoutSeconds', 'environment', 'entry', 'runtime', 'tags'];

test.each<[string, readonly string[], string]>([
  ['memroySize', settings, 'memorySize'],
  ['memory', settings, 'memorySize'],
  ['timeout', settings, 'timeoutSeconds'],
  ['Runtime', settings, 'runtime'],
  ['time', settings, 'runtime'],
  ['env', settings, ''],
  ['colour', settings, ''],
  ['node22', runtimes, 'nodejs22.x'],
  ['nodejs22', runtimes, 'nodejs22.x'],
  ['nodejs99.x', runtimes, 'nodejs26.x'],
  ['python3', runtimes, 'python3.9'],
  ['python3.99', runtimes, 'python3.9'],
])('%s → %3$s', (name, known, expected) => {
  expect(nearest(name, known)).toBe(expected && `; did you mean '${expected}'?`);
});
