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
      '\nCompletes `npx ready-hooks` too.\n\nExamples:\n  source <(npx ready-hooks completion bash)\n  source <(npx ready-hooks completion zsh)\n  npx ready-hooks completion fish > ~/.config/fish/completions/ready-hooks.fish',
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
${commands.map((command) => `      ${namesOf(command).join('|')}) words='${choicesOf(command).join(' ')}' options='${optionsOf(command).join(' ')}' ;;`).join('\n')}
      help) [ "$COMP_CWORD" -gt 2 ] || words='${commands.map((command) => command.name()).join(' ')}' ;;
    esac
    case "$command $before" in
${commands
  .flatMap((command) =>
    visible(command)
      .filter(({ required }) => required)
      .map(
        ({ long, argChoices = [] }) =>
          `      ${namesOf(command)
            .map((each) => `'${each} ${long}'`)
            .join('|')}) words='${argChoices.join(' ')}' options='' ;;`,
      ),
  )
  .join('\n')}
    esac
  fi
  case "$current" in -*) words="$options" ;; esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _ready_hooks ${name}
_ready_hooks_npx() {
  if [ "$COMP_CWORD" -gt 1 ] && [ "\${COMP_WORDS[1]}" = ${name} ]; then
    COMP_WORDS=("\${COMP_WORDS[@]:1}")
    COMP_CWORD=$((COMP_CWORD - 1))
    _ready_hooks
  elif [ -n "$_ready_hooks_npx_before" ]; then
    "$_ready_hooks_npx_before" "$@"
  fi
}
if [[ "$(complete -p npx 2>/dev/null)" =~ -F\\ ([^\\ ]+) && "\${BASH_REMATCH[1]}" != _ready_hooks_npx ]]; then
  _ready_hooks_npx_before="\${BASH_REMATCH[1]}"
fi
complete -o default -F _ready_hooks_npx npx`;
}

function zsh(name: string, commands: readonly Command[]): string {
  const option = ({ long, description, required, argChoices }: Option) =>
    `'${long}[${zshText(description)}]${required ? `:value:${valuesOf(argChoices)}` : ''}'`;
  const specs = (command: Command) =>
    [...visible(command).map(option), `'*:argument:${valuesOf(choicesOf(command))}'`].join(' ');
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
${commands.map((command) => `    ${namesOf(command).join('|')}) _arguments ${specs(command)} ;;`).join('\n')}
    help) _arguments '1:command:(${commands.map((command) => command.name()).join(' ')})' ;;
  esac
}
_ready_hooks_npx() {
  if (( CURRENT > 2 )) && [[ $words[2] == ${name} ]]; then
    shift words
    (( CURRENT-- ))
    _ready_hooks
  else
    $_ready_hooks_npx_before
  fi
}
if [ "$funcstack[1]" = _ready-hooks ]; then
  _ready_hooks "$@"
else
  compdef _ready_hooks ${name}
  [[ $_comps[npx] == _ready_hooks_npx ]] || typeset -g _ready_hooks_npx_before=\${_comps[npx]:-_files}
  compdef _ready_hooks_npx npx
fi`;
}

function fish(name: string, commands: readonly Command[]): string {
  const line = (...parts: string[]) => ['complete', '-c', name, ...parts].join(' ');
  const within = (command: Command) => `-n '__fish_seen_subcommand_from ${namesOf(command).join(' ')}'`;
  return [
    ...commands.map((command) =>
      line(`-n __fish_use_subcommand -f -a ${command.name()} -d ${fishText(command.summary())}`),
    ),
    line(`-n __fish_use_subcommand -f -a help -d 'show the help of a command'`),
    line(`-n '__fish_seen_subcommand_from help' -f -a '${commands.map((command) => command.name()).join(' ')}'`),
    ...commands.flatMap((command) => [
      ...visible(command).map(({ long, description, required, argChoices }) =>
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
    // After npx, offers what fish offers for the same line without it.
    `complete -c npx -n 'test (count (commandline -opc)) -ge 2; and test (commandline -opc)[2] = ${name}' -f -a '(complete -C (string replace -r "^\\\\s*npx\\\\s+" "" -- (commandline -cp)))'`,
  ].join('\n');
}

function optionsOf(command: Command): string[] {
  return [...visible(command).flatMap(({ long }) => long ?? []), '--help'];
}

const visible = (command: Command) => command.options.filter(({ hidden }) => !hidden);
const namesOf = (command: Command) => [command.name(), ...command.aliases()];

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
