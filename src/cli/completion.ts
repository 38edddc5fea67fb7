import { Argument, Command, type Option } from 'commander';
import { print } from './options.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** `program` is a function because the program includes this command. */
export function completionCommand(program: () => Command): Command {
  return new Command('completion')
    .summary('print a completion script for your shell')
    .description('Prints a script that adds completion of ready-hooks commands and options to your shell.')
    .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS))
    .addHelpText(
      'after',
      '\nExamples:\n  source <(npx ready-hooks completion bash)\n  source <(npx ready-hooks completion zsh)\n  npx ready-hooks completion fish > ~/.config/fish/completions/ready-hooks.fish',
    )
    .action((shell: Shell) => print(completionScript(shell, program())));
}

/** A self-contained script, so that completion does not start Node.js. Anything but commands and options completes as a file. */
export function completionScript(shell: Shell, program: Command): string {
  return { bash, zsh, fish }[shell](program.name(), program.commands);
}

function bash(name: string, commands: readonly Command[]): string {
  return `_ready_hooks() {
  local command="\${COMP_WORDS[1]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" current="\${COMP_WORDS[COMP_CWORD]}" words='' options=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${[...commands.map((command) => command.name()), 'help'].join(' ')}'
    options='--help --version'
  else
    case "$command" in
${commands.map((command) => `      ${command.name()}) words='${choicesOf(command).join(' ')}' options='${optionsOf(command).join(' ')}' ;;`).join('\n')}
      help) [ "$COMP_CWORD" -gt 2 ] || words='${commands.map((command) => command.name()).join(' ')}' ;;
    esac
    case "$command $before" in
${commands.flatMap((command) => command.options.filter(({ required }) => required).map(({ long, argChoices = [] }) => `      '${command.name()} ${long}') words='${argChoices.join(' ')}' options='' ;;`)).join('\n')}
    esac
  fi
  case "$current" in -*) words="$options" ;; esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _ready_hooks ${name}`;
}

function zsh(name: string, commands: readonly Command[]): string {
  const option = ({ long, description, required, argChoices }: Option) =>
    `'${long}[${zshText(description)}]${required ? `:value:${valuesOf(argChoices)}` : ''}'`;
  const specs = (command: Command) =>
    [...command.options.map(option), `'*:argument:${valuesOf(choicesOf(command))}'`].join(' ');
  return `#compdef ${name}
_ready_hooks() {
  if (( CURRENT == 2 )); then
    local -a commands=(${commands.map((command) => `'${command.name()}:${zshText(command.summary())}'`).join(' ')})
    commands+=('help:show the help of a command')
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map((command) => `    ${command.name()}) _arguments ${specs(command)} ;;`).join('\n')}
    help) _arguments '1:command:(${commands.map((command) => command.name()).join(' ')})' ;;
  esac
}
if [ "$funcstack[1]" = _ready-hooks ]; then _ready_hooks "$@"; else compdef _ready_hooks ${name}; fi`;
}

function fish(name: string, commands: readonly Command[]): string {
  const line = (...parts: string[]) => ['complete', '-c', name, ...parts].join(' ');
  const within = (command: Command) => `-n '__fish_seen_subcommand_from ${command.name()}'`;
  return [
    ...commands.map((command) =>
      line(`-n __fish_use_subcommand -f -a ${command.name()} -d ${fishText(command.summary())}`),
    ),
    line(`-n __fish_use_subcommand -f -a help -d 'show the help of a command'`),
    line(`-n '__fish_seen_subcommand_from help' -f -a '${commands.map((command) => command.name()).join(' ')}'`),
    ...commands.flatMap((command) => [
      ...command.options.map(({ long, description, required, argChoices }) =>
        line(
          within(command),
          `-l ${long?.slice(2)}`,
          required ? '-r' : '',
          argChoices ? `-f -a '${argChoices.join(' ')}'` : '',
          `-d ${fishText(description)}`,
        ),
      ),
      ...choicesOf(command).map((choice) => line(within(command), `-f -a ${choice}`)),
    ]),
  ].join('\n');
}

function optionsOf(command: Command): string[] {
  return [...command.options.flatMap(({ long }) => long ?? []), '--help'];
}

function valuesOf(choices: readonly string[] | undefined): string {
  return choices && choices.length > 0 ? `(${choices.join(' ')})` : '_files';
}

function choicesOf(command: Command): readonly string[] {
  return command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
}

/** Escaped for single quotes and brackets. */
function zshText(text: string): string {
  return text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');
}

function fishText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
