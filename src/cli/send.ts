import { Command, InvalidArgumentError } from 'commander';
import { counted } from '../features/counted.ts';
import {
  ACCOUNT_DEFAULT,
  accountOption,
  endpointOption,
  note,
  print,
  REGION_DEFAULT,
  regionOption,
} from './options.ts';
import { placeOf } from './place.ts';
import { stopSignal } from './run.ts';
import { live } from './terminal.ts';

interface Options {
  endpoint?: string;
  region?: string;
  account?: string;
  rate?: number;
  partitionKey?: string;
  raw?: boolean;
}

export function sendCommand(): Command {
  return new Command('send')
    .summary('send JSON Lines to a stream')
    .description('Sends each line of a file or of stdin to a stream as a record.')
    .argument('<stream>', 'name of the stream')
    .argument('[file]', 'file or pipe with JSON lines; - for stdin', '-')
    .option('--partition-key <field>', 'JSON field to use as the partition key (default: a random key per record)')
    .option('--rate <n>', 'records per second (default: as many as the engine accepts)', positive)
    .option('--raw', 'send lines unchanged, even if they are not JSON')
    .addOption(regionOption(`region of the stream ${REGION_DEFAULT}`))
    .addOption(accountOption(`account of the stream ${ACCOUNT_DEFAULT}`))
    .addOption(endpointOption())
    .addHelpText(
      'after',
      '\nEach line must be valid JSON. A file is checked completely before the first record is sent.\nRejected records are retried for up to 30 s.\n\nExamples:\n  npx ready-hooks send hallow-event-stream events.jsonl --partition-key id\n  echo \'{"id":1}\' | npx ready-hooks send hallow-event-stream',
    )
    .action(async (stream: string, file: string, options: Options) => {
      const isTyped = file === '-' && process.stdin.isTTY;
      if (isTyped) note('ready-hooks: reading records from this terminal, one JSON value per line; end with Ctrl-D');
      let accepted: number | undefined;
      const onProgress = (count: number) => {
        accepted = count;
      };
      // Would write over what is being typed.
      if (!isTyped) live(() => (accepted === undefined ? 'checking the records' : `sent ${accepted}`));
      const source = { stream, file: file === '-' ? undefined : file };
      const place = await placeOf([stream], options);
      const { sendLines } = await import('../features/send/lines.ts');
      const sending = sendLines({ ...options, ...source, ...place, signal: stopSignal(), onProgress });
      const { sent, tookMs } = await sending.catch((error) => {
        if (accepted !== undefined)
          note(`ready-hooks: sent ${counted(accepted, 'record')} to ${stream} before this error`);
        throw error;
      });
      print(`ready-hooks: sent ${counted(sent, 'record')} to ${stream} in ${(tookMs / 1000).toFixed(1)} s`);
    });
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('expected a number above 0.');
  return value;
}
