import { Command } from 'commander';
import { connect } from '../runtime/engine/connect.ts';
import { resolveEndpoint } from '../runtime/engine/endpoint.ts';
import { printEvent, startJsonLines } from './json.ts';
import {
  ACCOUNT_DEFAULT,
  accountOption,
  endpointOption,
  jsonLinesOption,
  note,
  print,
  REGION_DEFAULT,
  regionOption,
} from './options.ts';
import { placeOf } from './place.ts';
import { stopOrCloseSignal } from './run.ts';
import { parseSince } from './since.ts';

interface Options {
  endpoint?: string;
  region?: string;
  account?: string;
  content?: boolean;
  since?: number;
  json?: boolean;
}

export function tailCommand(): Command {
  return new Command('tail')
    .alias('logs')
    .summary('stream new objects in buckets and logs of functions')
    .description('Streams new objects in buckets and log lines of functions until Ctrl-C.')
    .argument('<names...>', 'names of buckets and functions')
    .option('--content', 'also print the lines of each object (default: only its key and size)')
    .option(
      '--since <time>',
      'start in the past: a duration such as 30s, 10m, 2h or 1d, or an ISO time (default: now)',
      (text) => parseSince(text),
    )
    .addOption(regionOption(`region of the functions ${REGION_DEFAULT}`))
    .addOption(accountOption(`account of the buckets and functions ${ACCOUNT_DEFAULT}`))
    .addOption(endpointOption())
    .addOption(jsonLinesOption())
    .hook('preAction', startJsonLines)
    .addHelpText(
      'after',
      '\nFollows both if a bucket and a function share a name.\n\nExamples:\n  npx ready-hooks tail hallow-events --content\n  npx ready-hooks tail hallow-events hallow-event-distributor --since 10m',
    )
    .action(async (names: string[], options: Options) => {
      const { endpoint: given, content, since, json } = options;
      const signal = stopOrCloseSignal();
      const place = { endpoint: resolveEndpoint(given, process.env), ...(await placeOf(names, options)) };
      // Fails with a clear error if no engine answers.
      (await connect({ ...place, signal })).close();
      // Loaded here because no other command needs the CloudWatch Logs client.
      const { findSources, readers } = await import('../features/tail/place.ts');
      const { tail } = await import('../features/tail/tail.ts');
      const { seenLines } = await import('../features/tail/render.ts');
      const open = readers(place);
      try {
        const sources = await findSources(names, open, place);
        await tail(sources, open, {
          signal,
          ...(content && { content }),
          ...(since !== undefined && { since }),
          onBegun: () =>
            note(
              `ready-hooks: following ${sources.map(({ kind, name }) => `${kind} ${name}`).join(', ')}; press Ctrl-C to stop`,
            ),
          onSeen: json ? printEvent : (seen) => seenLines(seen, sources.length > 1).forEach(print),
        });
      } finally {
        open.close();
      }
    });
}
