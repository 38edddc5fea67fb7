import { expect, test } from 'vitest';
import { program } from '../../../src/cli/program.ts';
import { COMMANDS } from '../../../src/cli/suggestions.ts';

const { commands } = program();

test('each meaning is a command, and no word is one already', () => {
  const known = commands.flatMap((command) => [command.name(), ...command.aliases()]);
  expect(known).toEqual(expect.arrayContaining(Object.keys(COMMANDS)));
  expect(
    Object.values(COMMANDS)
      .flat()
      .filter((word) => known.includes(word)),
  ).toEqual([]);
  expect(new Set(Object.values(COMMANDS).flat()).size).toBe(Object.values(COMMANDS).flat().length);
});
