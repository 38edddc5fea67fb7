import { Command, InvalidArgumentError } from 'commander';
import { counted } from '../features/counted.ts';
import { sendLines } from '../features/send/lines.ts';
import { endpointOption, note, print } from './options.ts';
import { stopSignal } from './run.ts';

interface Options {
  endpoint?: string;
  region: string;
  account: string;
  rate?: number;
  partitionKey?: string;
  raw?: boolean;
}

export function sendCommand(): Command {
  return new Command('send')
    .summary('put JSON Lines on a stream')
    .description(
      'Puts each line of a file, or of what is piped in, on a stream as a record. Each line must be JSON; of a file all are looked at before the first is sent. Records that the engine refuses are put again for 30 s.',
    )
    .argument('<stream>', 'the name of the stream')
    .argument('[file]', 'lines of JSON; - or nothing: what is piped in', '-')
    .option(
      '--partition-key <field>',
      'the field of each object that is its partition key (default: a random key for each)',
    )
    .option('--rate <n>', 'records a second (default: as many as the engine takes)', positive)
    .option('--raw', 'take lines as they are, be they JSON or not')
    .option('--region <region>', 'region of the stream', 'us-east-1')
    .option('--account <id>', 'account of the stream', '000000000000')
    .addOption(endpointOption())
    .addHelpText(
      'after',
      '\nExamples:\n  ready-hooks send hallow-event-stream events.jsonl --partition-key id\n  echo \'{"id":1}\' | ready-hooks send hallow-event-stream',
    )
    .action(async (stream: string, file: string, options: Options) => {
      const onTerminal = process.stderr.isTTY;
      let taken: number | undefined;
      const onProgress = (count: number) => {
        taken = count;
        if (onTerminal) process.stderr.write(`\rsent ${count}`);
      };
      const source = { stream, file: file === '-' ? undefined : file };
      const sending = sendLines({ ...options, ...source, signal: stopSignal(), onProgress });
      const { sent, tookMs } = await sending.catch((error) => {
        if (taken !== undefined) note(`ready-hooks: ${counted(taken, 'record')} sent to ${stream} before this`);
        throw error;
      });
      if (onTerminal) process.stderr.write('\r');
      print(`ready-hooks: sent ${counted(sent, 'record')} to ${stream} in ${(tookMs / 1000).toFixed(1)} s`);
    });
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('expected a number above 0.');
  return value;
}
