import { access } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { linesOf } from '../features/send/lines.ts';
import { counted, send } from '../features/send/send.ts';
import { batchesOf, type LineOptions, recordsOf } from '../runtime/contents/records.ts';
import { stopped, suggest } from '../runtime/definition/messages.ts';
import { connect } from '../runtime/engine/connect.ts';
import { resolveEndpoint } from '../runtime/engine/endpoint.ts';
import { ExpectedError, InvalidInputError } from '../runtime/errors.ts';
import { endpointOption, note, print } from './options.ts';
import { stopSignal } from './run.ts';

interface Options extends LineOptions {
  endpoint?: string;
  region: string;
  account: string;
  rate?: number;
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
    .action(async (stream: string, file: string, { endpoint, region, account, rate, ...lines }: Options) => {
      const how = { ...lines, advice: 'mend it, or send lines as they are with --raw' };
      if (how.raw && how.partitionKey) refuseKeyOfRaw();
      if (file !== '-') await lookAtAll(file, how);
      const signal = stopSignal();
      const aws = await connect({ endpoint: resolveEndpoint(endpoint, process.env), region, account, signal });
      try {
        await refuseMissing(stream, aws);
        const startedAt = performance.now();
        const source = file === '-' ? process.stdin : file;
        const records = recordsOf(file === '-' ? 'what is piped in' : file, linesOf(source), how);
        // Ten requests a second keep the pace even.
        const batches = batchesOf(records, rate ? Math.max(1, Math.min(500, Math.round(rate / 10))) : undefined);
        const progress = process.stderr.isTTY
          ? (sent: number) => void process.stderr.write(`\rsent ${sent}`)
          : undefined;
        let sent = 0;
        const onProgress = (count: number) => {
          sent = count;
          progress?.(count);
        };
        await send(batches, aws, { stream, rate, signal, onProgress }).catch((error) => {
          note(`ready-hooks: ${counted(sent)} sent to ${stream} before this`);
          throw error;
        });
        if (progress) process.stderr.write('\r');
        print(
          `ready-hooks: sent ${counted(sent)} to ${stream} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
        );
      } finally {
        aws.close();
      }
    });
}

/** A file is refused as a whole, before any of it is sent. */
async function lookAtAll(file: string, options: LineOptions): Promise<void> {
  await access(file).catch((cause) => {
    throw new InvalidInputError(`There is no file ${file} to send: name another, or - for what is piped in.`, {
      cause,
    });
  });
  for await (const _ of recordsOf(file, linesOf(file), options));
}

function refuseKeyOfRaw(): never {
  throw new InvalidInputError(
    'Lines that are taken as they are (--raw) have no field for --partition-key: leave one out.',
  );
}

async function refuseMissing(stream: string, { call, endpoint }: Awaited<ReturnType<typeof connect>>): Promise<void> {
  const { StreamNames = [] } = await call('ListStreams', {});
  if (StreamNames.includes(stream)) return;
  throw new ExpectedError(
    stopped(
      `There is no stream ${stream} at ${endpoint} in this region and account${suggest(stream, StreamNames, 'there are') || ', nor any other: bring the pipeline up first'}`,
    ),
  );
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('expected a number above 0.');
  return value;
}
