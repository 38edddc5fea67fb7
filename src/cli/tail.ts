import { Command, Option } from 'commander';
import type { Source, Wanted } from '../features/tail/place.ts';
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
    .summary('stream records, new objects in buckets and logs of functions')
    .description('Streams records of streams, new objects in buckets and log lines of functions until Ctrl-C.')
    .argument('<names...>', 'names of streams, buckets and functions')
    .option('--content', 'also print the lines of each object (default: only its key and size)')
    .option(
      '--since <time>',
      'start in the past: a duration such as 30s, 10m, 2h or 1d, or an ISO time (default: now)',
      (text) => parseSince(text),
    )
    .addOption(regionOption(`region of the streams and functions ${REGION_DEFAULT}`))
    .addOption(accountOption(`account of all of them ${ACCOUNT_DEFAULT}`))
    .addOption(new Option('-f, --follow', 'has no effect: tail always follows').hideHelp())
    .addOption(endpointOption())
    .addOption(jsonLinesOption())
    .hook('preAction', startJsonLines)
    .addHelpText(
      'after',
      '\nIf several share a name, follows them all; stream:NAME, bucket:NAME or function:NAME follows one.\n\nExamples:\n  npx ready-hooks tail hallow-event-stream\n  npx ready-hooks tail hallow-events --content\n  npx ready-hooks tail hallow-events hallow-event-distributor --since 10m',
    )
    .action(async (names: string[], options: Options) => {
      const { endpoint: given, content, since, json } = options;
      const signal = stopOrCloseSignal();
      const { findSources, parseName, readers } = await import('../features/tail/place.ts');
      const { tail } = await import('../features/tail/tail.ts');
      const { connect } = await import('../runtime/engine/connect.ts');
      const { seenLines } = await import('../features/tail/render.ts');
      const wanted = names.map(parseName);
      const declared = await placeOf(
        wanted.map(({ name }) => name),
        options,
      );
      const place = { endpoint: resolveEndpoint(given, process.env), ...declared };
      // Fails with a clear error if no engine answers.
      (await connect({ ...place, signal })).close();
      const open = readers(place, signal);
      try {
        const sources = await findSources(wanted, open, place);
        await tail(sources, open, {
          signal,
          ...(content && { content }),
          ...(since !== undefined && { since }),
          onBegun: () => note(following(sources, wanted)),
          onSeen: json ? printEvent : (seen) => seenLines(seen, sources.length > 1).forEach(print),
        });
      } finally {
        open.close();
      }
    });
}

function following(sources: readonly Source[], wanted: readonly Wanted[]): string {
  const all = sources.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  const shared = sources.find(({ name }, index) => sources.findIndex((each) => each.name === name) < index);
  const one = shared && sources.length > wanted.length ? `; for only one: tail ${shared.kind}:${shared.name}` : '';
  return `ready-hooks: following ${all}; press Ctrl-C to stop${one}`;
}
