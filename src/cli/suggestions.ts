// What users of other tools try, and what it means here.

export const COMMANDS: Record<string, readonly string[]> = {
  apply: ['create', 'deploy', 'update', 'sync', 'provision', 'run', 'push', 'replace', 'taint'],
  build: ['compile', 'bundle', 'pack', 'generate'],
  destroy: ['delete', 'remove', 'rm', 'teardown', 'clean', 'undeploy'],
  dev: ['watch', 'serve', 'develop'],
  doctor: ['debug', 'diagnose', 'fix', 'health', 'troubleshoot', 'why'],
  down: ['kill', 'shutdown', 'halt'],
  export: ['synth', 'template', 'cloudformation', 'eject'],
  init: ['new', 'add', 'setup', 'scaffold', 'bootstrap'],
  plan: ['preview', 'show', 'dry-run', 'changes', 'graph'],
  send: ['put', 'publish', 'produce', 'emit', 'invoke', 'kinesis'],
  status: ['list', 'ls', 'ps', 'wait', 'describe', 'get', 'inspect', 'state', 'info', 'refresh'],
  tail: ['log', 'follow', 'consume', 'receive', 'read'],
  up: ['launch', 'boot', 'restart', 'pull', 'compose', 'localstack'],
  validate: ['lint', 'verify', 'test'],
};

/** By option, without its hyphens. */
const OPTIONS: Record<string, string> = {
  all: 'Name the definitions; without one, most commands take all of init/',
  build: 'Did you mean the command build, before this one?',
  data: 'Did you mean to pipe the records in, as in echo 1 | ready-hooks send STREAM?',
  debug: 'Did you mean --verbose?',
  destroy: 'Did you mean the command destroy?',
  'dry-run': 'Did you mean the command plan, which shows what apply would change?',
  f: 'Did you mean to name the file without an option?',
  fix: 'Leave it out: doctor changes nothing, and prints each fix',
  force: 'Did you mean --empty-buckets of destroy, or --force of export?',
  format: 'Did you mean --json?',
  host: 'Did you mean --endpoint?',
  hotswap: 'Did you mean the command dev, which applies again on every change?',
  image: 'Did you mean --version?',
  name: 'Did you mean to give the name without an option?',
  out: 'Leave it out: apply compares with the engine again',
  output: 'Did you mean --outputs of apply, --out of build, or --json?',
  profile: 'Did you mean --endpoint? Profiles are never read, and keys are test keys',
  region: 'Set region in the definition',
  services: 'Leave it out: LocalStack loads a service when it is used',
  tail: 'Did you mean --since?',
  target: 'Did you mean to name the definition without an option?',
  url: 'Did you mean --endpoint?',
  var: `Did you mean an environment variable, which a definition uses as \${NAME}?`,
  volumes: 'Leave it out: down removes everything but the log',
  wait: 'Leave it out: up, apply and destroy always wait',
  watch: 'Did you mean the command dev, which applies again on every change, or --wait of status?',
  yes: 'Leave it out: only init asks',
};

const SAME: Record<string, readonly string[]> = {
  data: ['message', 'payload', 'records'],
  debug: ['v', 'log-level', 'trace'],
  f: ['file', 'template', 'template-file'],
  name: ['bucket', 'function-name', 'stream', 'stream-name'],
  output: ['o'],
  region: ['account'],
  tail: ['n', 'lines', 'limit'],
  target: ['t', 'stack', 'stack-name'],
  var: ['c', 'context', 'e', 'env', 'parameters', 'var-file'],
  watch: ['w'],
  yes: ['y', 'auto-approve', 'require-approval'],
};

const OTHERS = { 'apply --outputs': ['output', 'outputs'], '--version': ['version'] };

const commands = byWord({ ...COMMANDS, ...OTHERS });
const options = byWord(SAME);
const hints = new Map(Object.entries(OPTIONS));

function byWord(words: Record<string, readonly string[]>): Map<string, string> {
  return new Map(Object.entries(words).flatMap(([meaning, each]) => each.map((word) => [word, meaning])));
}

/** Replaces the suggestion of commander, which compares only letters, where the meaning of the word is known. */
export function withMeant(error: string): string {
  const [, kind, word = ''] = /^error: unknown (command|option) '-*([^'=]+)/.exec(error) ?? [];
  const hint = kind === 'command' ? hintFor(word) : kind === 'option' && hints.get(options.get(word) ?? word);
  return hint ? `${error.split('\n')[0]}\n(${hint})\n` : error;
}

/** Also for an operation of the AWS CLI, such as create-stream. */
function hintFor(word: string): string | undefined {
  const command = commands.get(word) ?? commands.get(word.replace(/-.*/, ''));
  return command && `Did you mean ${command}?`;
}
