// What users of other tools try, and what it means here.

export const COMMANDS: Record<string, readonly string[]> = {
  apply: ['create', 'deploy', 'update', 'sync', 'provision', 'run', 'push'],
  build: ['compile', 'bundle', 'pack', 'generate'],
  destroy: ['delete', 'remove', 'rm', 'teardown', 'clean', 'undeploy'],
  dev: ['watch', 'serve', 'develop'],
  doctor: ['debug', 'diagnose', 'fix', 'health', 'troubleshoot', 'why'],
  down: ['kill', 'shutdown', 'halt'],
  export: ['synth', 'template', 'cloudformation', 'eject'],
  init: ['new', 'add', 'setup', 'scaffold'],
  plan: ['preview', 'show', 'dry-run', 'changes'],
  send: ['put', 'publish', 'produce', 'emit', 'put-record', 'put-records'],
  status: ['list', 'ls', 'ps', 'wait', 'describe', 'state', 'info'],
  tail: ['log', 'follow', 'consume', 'receive', 'read'],
  up: ['launch', 'boot', 'restart'],
  validate: ['lint', 'verify', 'test'],
};

const OPTIONS: Record<string, string> = {
  '--auto-approve': 'apply, which never asks',
  '--dry-run': 'the command plan, which shows what apply would change',
  '--file': 'to name the file without an option',
  '--follow': 'tail, which always follows',
  '--force': '--empty-buckets of destroy, or --force of export',
  '--host': '--endpoint',
  '--name': 'to give the name without an option',
  '--output': '--outputs of apply, --out of build, or --json',
  '--profile': '--endpoint: profiles are never read, and keys are test keys',
  '--stream': 'to give the name without an option',
  '--url': '--endpoint',
  '--watch': 'the command dev, which applies again on every change',
};

const meant = new Map(Object.entries(COMMANDS).flatMap(([command, words]) => words.map((word) => [word, command])));

/** Replaces the suggestion of commander, which compares only letters, where the meaning of the word is known. */
export function withMeant(error: string): string {
  const [, kind, word = ''] = /^error: unknown (command|option) '([^'=]+)/.exec(error) ?? [];
  const meaning = kind === 'command' ? meant.get(word) : kind === 'option' ? OPTIONS[word] : undefined;
  if (meaning === undefined) return error;
  return `${error.split('\n')[0]}\n(Did you mean ${meaning}?)\n`;
}
