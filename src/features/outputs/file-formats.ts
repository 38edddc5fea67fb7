import { basename } from 'node:path';
import type { Pipeline } from '../../runtime/definition/pipeline.ts';
import { accessKeyOf } from '../../runtime/engine/endpoint.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import type { Outputs } from './outputs.ts';

export type Format = (outputs: Outputs) => string;

/** The format for a file name: JSON, or lines for `docker --env-file`, dotenv and `node --env-file`. */
export function formatFor(file: string): Format {
  if (/\.json$/i.test(file)) return (outputs) => `${JSON.stringify(outputs, null, 2)}\n`;
  if (/\.env$|^\.env/i.test(basename(file))) return environmentText;
  throw new InvalidInputError(
    `Unknown format of the outputs file ${file}: name it .json, or .env for NAME=value lines.`,
  );
}

/**
 * `STREAM_ORDERS=orders`, `STREAM_ORDERS_ARN=…`, the same for BUCKET and FUNCTION, `MAPPING_<STREAM>_TO_<FUNCTION>=<uuid>`, and the
 * variables of the AWS SDKs: AWS_ENDPOINT_URL, AWS_REGION, and the keys that select LocalStack's account.
 */
function environmentText(outputs: Outputs): string {
  return Object.entries(environmentOf(outputs))
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** The same as values. */
export function environmentOf(outputs: Outputs): Record<string, string> {
  const { endpoint, region, account, eventSourceMappings } = outputs;
  const named = KINDS.flatMap(([kind, key]) =>
    Object.entries(outputs[key]).flatMap(([name, { arn }]) => [
      [variable(kind, name), name],
      [`${variable(kind, name)}_ARN`, arn],
    ]),
  );
  return Object.fromEntries([
    ['AWS_ENDPOINT_URL', endpoint],
    ['AWS_REGION', region],
    ['AWS_ACCESS_KEY_ID', accessKeyOf(account)],
    ['AWS_SECRET_ACCESS_KEY', 'test'],
    ...named,
    ...eventSourceMappings.map((mapping) => [mappingVariable(mapping), mapping.uuid]),
  ]);
}

const KINDS = [
  ['BUCKET', 'buckets'],
  ['STREAM', 'streams'],
  ['FUNCTION', 'functions'],
] as const;

/** Rejects names that would become the same variable, before anything is created. */
export function rejectCollisions(pipeline: Pipeline): void {
  const all = [
    ...KINDS.flatMap(([kind, key]) =>
      Object.keys(pipeline[key]).flatMap((name) => [
        [variable(kind, name), name],
        [`${variable(kind, name)}_ARN`, `${name}'s ARN`],
      ]),
    ),
    ...pipeline.eventSourceMappings.map((mapping) => [
      mappingVariable(mapping),
      `${mapping.stream} → ${mapping.function}`,
    ]),
  ] as [string, string][];
  const seen = new Map<string, string>();
  for (const [name, source] of all) {
    const other = seen.get(name);
    if (other)
      throw new InvalidInputError(
        `${other} and ${source} would both be ${name} in an .env file. Write the outputs as .json, or rename one.`,
      );
    seen.set(name, source);
  }
}

const variable = (kind: string, name: string) => `${kind}_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;

const mappingVariable = (mapping: { stream: string; function: string }) =>
  variable('MAPPING', `${mapping.stream}_TO_${mapping.function}`);
