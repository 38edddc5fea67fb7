import { expect, test } from 'vitest';
import { nearest } from '../../../../src/runtime/definition/messages.ts';
import { runtimes } from '../../../../src/runtime/definition/runtimes.ts';

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
