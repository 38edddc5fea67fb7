import { Command } from 'commander';
import { connect } from '../runtime/engine/connect.ts';
import { resolveEndpoint } from '../runtime/engine/endpoint.ts';
import { endpointOption, jsonOption, note, print } from './options.ts';
import { stopSignal } from './run.ts';
import { parseSince } from './since.ts';

interface Options {
  endpoint?: string;
  region: string;
  account: string;
  content?: boolean;
  since?: number;
  json?: boolean;
}

export function tailCommand(): Command {
  return new Command('tail')
    .summary('tell what arrives in buckets and what functions log')
    .description(
      'Tells the objects that are put into buckets and the lines that functions log, from now on, until Ctrl-C. A name that is a bucket and a function is both.',
    )
    .argument('<names...>', 'names of buckets and functions')
    .option('--content', 'also the lines of the objects')
    .option('--since <time>', 'also what came since: how long ago, like 30s, 10m, 2h or 1d, or an ISO time', (text) =>
      parseSince(text),
    )
    .option('--region <region>', 'region of the functions', 'us-east-1')
    .option('--account <id>', 'account of both', '000000000000')
    .addOption(endpointOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  ready-hooks tail hallow-events --content\n  ready-hooks tail hallow-events hallow-event-distributor --since 10m',
    )
    .action(async (names: string[], { endpoint: given, region, account, content, since, json }: Options) => {
      const signal = stopSignal({ whenUnread: true });
      const endpoint = resolveEndpoint(given, process.env);
      // Says what is wrong where no engine answers.
      (await connect({ endpoint, region, account, signal })).close();
      // A client more, which no other command needs.
      const { findSources, readers } = await import('../features/tail/place.ts');
      const { tail } = await import('../features/tail/tail.ts');
      const { seenLines } = await import('../features/tail/render.ts');
      const open = readers({ endpoint, region, account });
      try {
        const sources = await findSources(names, open, endpoint);
        await tail(sources, open, {
          signal,
          ...(content && { content }),
          ...(since !== undefined && { since }),
          onBegun: () =>
            note(
              `ready-hooks: looking at ${sources.map(({ kind, name }) => `${kind} ${name}`).join(', ')}; Ctrl-C ends it`,
            ),
          onSeen: (seen) => {
            for (const line of json ? [JSON.stringify(seen)] : seenLines(seen, sources.length > 1)) print(line);
          },
        });
      } finally {
        open.close();
      }
    });
}
