/** What a reader of a page does, in order: write a file that the page shows, or run a command. */
export type Action = { heading: string } & ({ file: string; text: string } | Command);

export interface Command {
  command: string;
  /** The page's own replacement for a machine without Docker. */
  withoutDocker?: string;
}

const BLOCK = /^##+ (.*)$|^```(\w+)\n([\s\S]*?)^```$/gm;

/** The commands of a page's shell blocks, and its code blocks whose first line names a file. */
export function actionsOn(page: string): Action[] {
  let heading = '';
  return [...page.matchAll(BLOCK)].flatMap(([, title, language, text = '']): Action[] => {
    if (title !== undefined) heading = title;
    if (title !== undefined) return [];
    if (language === 'sh') return commandsIn(text).map((command) => ({ heading, ...command }));
    const [, file] = /^(?:\/\/|#) (\S+\.\w+)\n/.exec(text) ?? [];
    return file === undefined ? [] : [{ heading, file, text }];
  });
}

/** Each part of a list (`a && b`) by itself, so that each has its own time and exit code. */
function commandsIn(block: string): Command[] {
  return block.split('\n').flatMap((line) => {
    const [, list = '', comment = ''] = /^(.*?)(?:(?:^|\s+)# (.*))?$/.exec(line) ?? [];
    const commands = list.split(' && ').filter(Boolean);
    const [, withoutDocker] = /^without Docker: (.*)/.exec(comment) ?? [];
    return commands.map((command) => ({ command, ...(withoutDocker && { withoutDocker }) }));
  });
}
