import type { ReadOptions, Runnable } from '../../runtime/apply/apply.ts';
import { type Aws, connect } from '../../runtime/engine/connect.ts';
import { engineName } from '../../runtime/engine/detect.ts';
import { resolveEndpoint } from '../../runtime/engine/endpoint.ts';
import { getOnce } from '../../runtime/engine/get-once.ts';
import { asSentence } from '../../runtime/engine/request-errors.ts';
import { InvalidInputError } from '../../runtime/errors.ts';
import { readFile } from '../../runtime/file-system.ts';
import { type KindName, keyOf } from '../../runtime/identity.ts';
import { statusOf } from '../status/status.ts';
import { awsLambda } from './commands.ts';
import type { DeclaredFacts, EngineFacts, Facts } from './facts.ts';
import { parseLog } from './log.ts';
import { readCompose } from './read-compose.ts';
import { readHooksFolder } from './read-hooks-folder.ts';
import { readFunctions, readMappings } from './read-mappings.ts';
import { readStrays } from './read-strays.ts';

/** A pipeline to check, with its definition's file. */
export type Checked = Runnable & { file?: string };

export interface DoctorOptions extends ReadOptions {
  /** Check only the mapping with this UUID. */
  mapping?: string | undefined;
  /** The region to search for mappings. Default: the regions of the definitions, else us-east-1. */
  region?: string | undefined;
  /** A ready.d folder on this machine to check. */
  hooksDir?: string | undefined;
  /** A compose file to check. */
  composeFile?: string | undefined;
  /** The engine's log, which distinguishes causes that look alike from outside. */
  logFile?: string | undefined;
}

/** Reads the resources of a running engine, including those not created by this tool. Changes nothing. */
export async function readFacts(runnables: readonly Checked[], options: DoctorOptions = {}): Promise<Facts> {
  const { env = process.env, signal } = options;
  const endpoint = resolveEndpoint(options.endpoint, env);
  const places = placesOf(runnables, options.region, env);
  const clients = await Promise.all(places.map((place) => connect({ endpoint, ...place, signal })));
  try {
    const mappings: Awaited<ReturnType<typeof readMappings>> = [];
    for (const aws of clients) mappings.push(...(await readMappings(aws, options.mapping)));
    if (options.mapping && mappings.length === 0)
      throw new InvalidInputError(
        `Event source mapping ${options.mapping} not found in ${places.map(({ region }) => region).join(', ')}. List all with ${places.map((place) => awsLambda('list-event-source-mappings', { endpoint, ...place })).join('; ')}, or pass its region with --region.`,
      );
    const functions = await Promise.all(clients.map((aws) => readFunctions(aws, namesFor(aws, runnables, mappings))));
    const [first] = clients;
    if (!first) throw new Error('No region to read');
    const status = await statusOf(runnables, { ...options, env });
    return {
      readAt: Date.now(),
      regions: [...new Set(places.map(({ region }) => region))],
      engine: await readEngine(first),
      strays: await readStrays(clients, mappings, accountIn(env)),
      mappings: mappings.map(({ region: _, ...mapping }) => mapping),
      functions: functions.flat(),
      pipelines: status.pipelines.map((seen, index) => ({ ...seen, ...declaredIn(runnables[index]) })),
      ...(status.hooks && { hooks: status.hooks }),
      ...(await readFiles(options)),
    };
  } catch (error) {
    return asSentence(endpoint)(error);
  } finally {
    for (const aws of clients) aws.close();
  }
}

function declaredIn(checked: Checked | undefined): Pick<DeclaredFacts, 'file' | 'region' | 'existing'> {
  if (!checked) return {};
  const { pipeline, file } = checked;
  const kinds = { bucket: pipeline.buckets, stream: pipeline.streams, function: pipeline.functions };
  const existing = Object.entries(kinds).flatMap(([kind, declared]) =>
    Object.entries(declared).flatMap(([name, { existing }]) =>
      existing ? [keyOf({ kind: kind as KindName, ref: { name } })] : [],
    ),
  );
  return { ...(file !== undefined && { file }), region: pipeline.region, existing };
}

/** Reads the files on this machine, without an engine. */
export async function readFiles({
  hooksDir,
  composeFile,
  logFile,
}: DoctorOptions): Promise<Pick<Facts, 'folder' | 'compose' | 'log'>> {
  return {
    ...(hooksDir && { folder: await readHooksFolder(hooksDir) }),
    ...(composeFile && { compose: await readCompose(composeFile) }),
    ...(logFile && { log: { file: logFile, events: parseLog(await readFile(logFile, 'utf8')) } }),
  };
}

/** The regions and accounts to search for mappings. */
function placesOf(runnables: readonly Runnable[], region: string | undefined, env: NonNullable<DoctorOptions['env']>) {
  const own = runnables.map(({ pipeline }) => ({ region: pipeline.region, account: pipeline.account }));
  const account = accountIn(env);
  const given = region ? [{ region, account }] : own.length > 0 ? [] : [{ region: 'us-east-1', account }];
  return [...new Map([...own, ...given].map((place) => [`${place.region} ${place.account}`, place])).values()];
}

/** The account of an access key, as LocalStack derives it. */
function accountIn(env: NonNullable<DoctorOptions['env']>): string {
  return /^\d{12}/.exec(env['AWS_ACCESS_KEY_ID'] ?? '')?.[0] ?? '000000000000';
}

function namesFor(aws: Aws, runnables: readonly Runnable[], mappings: { function: string; region: string }[]) {
  const declared = runnables
    .filter(({ pipeline }) => pipeline.region === aws.region && pipeline.account === aws.account)
    // A declared function that does not exist yet appears in the status instead.
    .flatMap(({ pipeline }) => Object.keys(pipeline.functions))
    .map((name) => ({ name, mapped: false }));
  const mapped = mappings
    .filter(({ region }) => region === aws.region)
    .map((each) => ({ name: each.function, mapped: true }));
  return [...new Map([...declared, ...mapped].map((each) => [each.name, each])).values()];
}

const INFO_TIMEOUT_MS = 10_000;

async function readEngine(aws: Aws): Promise<EngineFacts> {
  const { engine, endpoint } = aws;
  const info = await getOnce(`${endpoint}/_localstack/info`, INFO_TIMEOUT_MS).then(
    ({ body }) => (body ?? {}) as Record<string, unknown>,
    () => ({}),
  );
  return {
    product: engine.product,
    version: engine.version,
    name: engineName(engine),
    endpoint,
    atTimestampNeverDelivers: engine.quirks.atTimestampNeverDelivers ?? false,
    latestLosesFirstRecords: engine.quirks.latestLosesFirstRecords ?? false,
    pollerKeepsEarlierStream: engine.quirks.pollerKeepsEarlierStream ?? false,
    ...engineTimes(info),
  };
}

/** `server_time_utc` and `uptime` (seconds) of /_localstack/info. */
export function engineTimes(info: Record<string, unknown>): Pick<EngineFacts, 'startedAt' | 'licensed'> {
  const now = Date.parse(`${String(info['server_time_utc']).replace(/Z$/, '')}Z`);
  const uptime = Number(info['uptime']);
  return {
    ...(Number.isFinite(now - uptime * 1000) && { startedAt: now - uptime * 1000 }),
    ...(typeof info['is_license_activated'] === 'boolean' && { licensed: info['is_license_activated'] }),
  };
}
