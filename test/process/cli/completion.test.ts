import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { completionScript } from '../../../src/cli/completion.ts';
import { program } from '../../../src/cli/program.ts';
import { ENGINE_CHOICES } from '../../../src/local/choose-engine.ts';

/** The completions that bash offers after these words; the last word may be incomplete. */
function offered(...words: string[]): string[] {
  const script = `_other() { COMPREPLY=(other); }
complete -F _other npx
${completionScript('bash', program())}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
${words[0] === 'npx' ? '_ready_hooks_npx' : '_ready_hooks'}
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

test.each([
  [
    ['ready-hooks', ''],
    [...program().commands.map((command) => command.name()), 'help'],
  ],
  [
    ['ready-hooks', '-'],
    ['--help', '--version'],
  ],
  [
    ['ready-hooks', 'do'],
    ['doctor', 'down'],
  ],
  [['ready-hooks', 'apply', '--ou'], ['--outputs']],
  [['ready-hooks', 'apply', 'init/10-a.ts', '--t'], ['--timeline']],
  [
    ['ready-hooks', 'completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['ready-hooks', 'up', '--engine', ''], ENGINE_CHOICES],
  [
    ['ready-hooks', 'up', '--engine', 'l'],
    ['localstack', 'localemu'],
  ],
  [['ready-hooks', 'start', '--eng'], ['--engine']],
  [['ready-hooks', 'logs', '--endpoint'], ['--endpoint']],
  [
    ['npx', 'ready-hooks', 'do'],
    ['doctor', 'down'],
  ],
  [
    ['npx', 'ready-hooks', 'up', '--engine', 'l'],
    ['localstack', 'localemu'],
  ],
  [['npx', 'rea'], ['other']],
  [['npx', 'tsx', ''], ['other']],
  [['ready-hooks', 'help', 'exp'], ['export']],
  // No match: bash completes file names.
  [['ready-hooks', 'apply', 'in'], []],
  [['ready-hooks', 'apply', '--outputs', ''], []],
  [['ready-hooks', 'nothing', '--'], []],
])('bash completes %j', (words, expected) => {
  expect(offered(...words)).toEqual(expected);
});

test.each(['zsh', 'fish'] as const)('the %s script contains every command and option', (shell) => {
  const script = completionScript(shell, program());
  for (const command of program().commands) {
    expect(script).toContain(command.name());
    for (const { long = '' } of command.options.filter(({ hidden }) => !hidden))
      expect(script).toContain(shell === 'fish' ? `-l ${long.slice(2)}` : long);
  }
});
