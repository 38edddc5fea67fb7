import type { FunctionCode } from '../../contents/contents.ts';
import type { DeclaredFunction, Existing } from '../../definition/pipeline.ts';
import type { Output } from '../../engine/operations.ts';
import {
  canonical,
  create,
  type Decision,
  fail,
  first,
  given,
  type Kind,
  type NameRef,
  NOTHING,
  ownerTag,
  pages,
  remove,
  tagUpdates,
  takenOver,
  update,
  type World,
  waitForExisting,
  whenNamed,
  withOwners,
} from '../kind.ts';
import { containerProblem, type FirstCall, failureFix, firstCallIn, imageOf, startTags, verifyStart } from './start.ts';

type WithCode = DeclaredFunction & { code: FunctionCode };
type Declared = WithCode | Existing;

export interface SeenFunction {
  arn: string;
  state: string;
  stateReason?: string;
  lastUpdateStatus: string;
  lastUpdateReason?: string;
  /** Milliseconds since the epoch, by the engine's clock. */
  modifiedAt: number;
  codeSha256: string;
  architecture: string;
  settings: Settings;
  tags: Record<string, string>;
  firstCall?: FirstCall;
}

/** The settings that UpdateFunctionConfiguration can change. */
type Settings = Pick<
  DeclaredFunction & { role: string },
  'runtime' | 'handler' | 'memorySize' | 'timeoutSeconds' | 'environment' | 'role' | 'layers' | 'description'
>;

/** A Lambda function from a zip. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const lambdaFunction: Kind<NameRef, Declared, SeenFunction> = {
  label: 'function',
  // LocalStack in Docker pulls the runtime's image while the function is Pending.
  wait: { timeoutMs: 300_000 },

  async observe({ name }, { call, options, made = [] }) {
    const none = whenNamed('ResourceNotFoundException', undefined);
    const found = await call('GetFunction', { FunctionName: name }, options).catch(none);
    if (!found) return;
    const firstCall = firstCallIn(made);
    const seen = seenAs(given(found.Configuration, 'GetFunction', 'Configuration'), found.Tags);
    return { ...seen, ...(firstCall && { firstCall }) };
  },

  unsupported({ name }, declared, { engine }) {
    if (declared.existing || !engine.runtimes || engine.runtimes.includes(declared.runtime)) return;
    const language = declared.runtime.replace(/[\d.].*/, '');
    const known = engine.runtimes.filter((runtime) => runtime.startsWith(language)).sort();
    return `Function ${name} has the runtime ${declared.runtime}, which this engine does not support; it supports ${known.join(', ') || engine.runtimes.join(', ')}: set functions.${name}.runtime to one of them, or use a newer engine.`;
  },

  decide(ref, declared, seen, world): Decision {
    const { name } = ref;
    if (!declared) return seen ? remove({ operation: 'DeleteFunction', input: { FunctionName: name } }) : NOTHING;
    if (!seen) return declared.existing ? waitForExisting('function', world) : creation(name, declared, world);
    const change = () => first(updates(ref, declared, seen, world));
    if (seen.state === 'Pending') return { do: 'wait', until: 'for it to be Active', seen: pending(seen, world) };
    if (seen.state === 'Failed' && !mayBeRecovering(seen, world)) return repair(name, seen, change(), world);
    if (seen.lastUpdateStatus === 'InProgress')
      return { do: 'wait', until: 'for its update to finish', seen: 'LastUpdateStatus InProgress' };
    const changed = change();
    if (seen.lastUpdateStatus === 'Failed' && changed.do === 'nothing')
      return fail(
        `The last update of function ${name} failed: ${seen.lastUpdateReason ?? 'the engine gives no reason'}; fix that in the definition and apply again, or delete the function with npx ready-hooks destroy first.`,
      );
    return changed.do === 'nothing' ? verifyStart(name, declared, seen) : changed;
  },

  updates,

  async find({ call }, skips) {
    const all = await pages(async (Marker) => {
      const page = await call('ListFunctions', Marker ? { Marker } : {});
      return { items: given(page.Functions, 'ListFunctions', 'Functions'), next: page.NextMarker };
    });
    const found = all.map(({ FunctionName: name = '', FunctionArn: Resource }) => ({ ref: { name }, Resource }));
    return withOwners(
      found.filter(({ ref }) => !skips(ref)),
      async ({ Resource }) => (await call('ListTags', { Resource })).Tags ?? {},
    );
  },

  permanent: async ({ message }, { name }) =>
    containerProblem(message) ??
    (NEVER_STARTED.test(message)
      ? `function ${name} has been Failed since it was created, and LocalStack can neither update nor delete such a function: restart the engine, which removes it, or rename the function`
      : undefined),
};

/** A first start in Docker can take minutes, most of them for the image. */
function pending({ settings }: SeenFunction, { engine }: World): string {
  return engine.functionsInContainers ? `Pending: LocalStack is pulling ${imageOf(settings.runtime)}` : 'Pending';
}

type Configuration = NonNullable<Output<'GetFunction'>['Configuration']>;

function seenAs(c: Configuration, tags: Record<string, string> = {}): SeenFunction {
  return {
    arn: given(c.FunctionArn, 'GetFunction', 'Configuration.FunctionArn'),
    // Engines without states create functions at once.
    state: c.State ?? 'Active',
    ...(c.StateReason && { stateReason: c.StateReason }),
    lastUpdateStatus: c.LastUpdateStatus ?? 'Successful',
    ...(c.LastUpdateStatusReason && { lastUpdateReason: c.LastUpdateStatusReason }),
    modifiedAt: Date.parse(c.LastModified ?? ''),
    codeSha256: c.CodeSha256 ?? '',
    architecture: c.Architectures?.[0] ?? 'x86_64',
    settings: {
      runtime: c.Runtime ?? '',
      handler: c.Handler ?? '',
      memorySize: c.MemorySize ?? 128,
      timeoutSeconds: c.Timeout ?? 3,
      environment: c.Environment?.Variables ?? {},
      role: c.Role ?? '',
      layers: (c.Layers ?? []).map(({ Arn }) => Arn ?? ''),
      description: c.Description ?? '',
    },
    tags,
  };
}

/** LocalStack's errors if it has no process to replace or stop. */
const NEVER_STARTED = /cannot be updated if an old one is not running|Unable to find version manager/;

const RECOVERING_MS = 3_000;

/** LocalStack returns local time as if it were UTC; time zones differ by multiples of this. */
const TIME_ZONE_MS = 15 * 60_000;

/**
 * After a failed update a function stays Failed while the next update, which may fix it, runs. A function that never started
 * stays InProgress forever after an update that LocalStack rejected, so InProgress counts only for a moment.
 */
function mayBeRecovering({ lastUpdateStatus, modifiedAt }: SeenFunction, { now }: World): boolean {
  const apart = Math.abs(now - modifiedAt) % TIME_ZONE_MS;
  return lastUpdateStatus === 'InProgress' && Math.min(apart, TIME_ZONE_MS - apart) < RECOVERING_MS;
}

/** The declared settings with all defaults. */
function settingsOf(declared: DeclaredFunction, account: string): Settings {
  const { runtime, handler, memorySize, timeoutSeconds, layers, description } = declared;
  return {
    runtime,
    handler,
    memorySize,
    timeoutSeconds,
    environment: { ...declared.environment, ...declared.buckets },
    // The poller assumes this role, so its account must be the stream's.
    role: declared.role ?? `arn:aws:iam::${account}:role/lambda-role`,
    layers,
    description,
  };
}

/** The default is this machine's: Docker runs other architectures slowly or not at all. */
function architectureOf(declared: DeclaredFunction): 'x86_64' | 'arm64' {
  return declared.architecture ?? (process.arch === 'arm64' ? 'arm64' : 'x86_64');
}

function configuration(settings: Settings) {
  return {
    Runtime: settings.runtime as never,
    Handler: settings.handler,
    MemorySize: settings.memorySize,
    Timeout: settings.timeoutSeconds,
    Environment: { Variables: settings.environment },
    Role: settings.role,
    Layers: settings.layers,
    Description: settings.description,
  };
}

function creation(name: string, declared: WithCode, world: World): Decision {
  const { account, engine, owner } = world;
  const tags = { ...declared.tags, ...startTags(declared, world), ...ownerTag(owner) };
  const input = {
    FunctionName: name,
    Code: { ZipFile: declared.code.zip },
    Architectures: [architectureOf(declared)],
    ...configuration(settingsOf(declared, account)),
    ...(Object.keys(tags).length > 0 && { Tags: tags }),
  };
  const why = `${declared.runtime}, ${Math.ceil(declared.code.zip.byteLength / 1024)} KB`;
  return create({ operation: 'CreateFunction', input }, why, { lastsMs: engine.quirks.functionPendingMs });
}

function* updates({ name }: NameRef, declared: Declared, seen: SeenFunction, world: World): Generator<Decision> {
  if (declared.existing) return;
  const settings = settingsOf(declared, world.account);
  const changed = (Object.keys(settings) as (keyof Settings)[]).filter(
    (key) => canonical(settings[key]) !== canonical(seen.settings[key]),
  );
  // Names only: an environment variable's value can be a secret.
  if (changed.length > 0) {
    const input = { FunctionName: name, ...configuration(settings) };
    yield update({ operation: 'UpdateFunctionConfiguration', input }, changed.join(', '));
  }
  const architecture = architectureOf(declared);
  const isOtherCode = declared.code.sha256 !== seen.codeSha256;
  if (isOtherCode || architecture !== seen.architecture) {
    const input = { FunctionName: name, ZipFile: declared.code.zip, Architectures: [architecture] };
    yield update({ operation: 'UpdateFunctionCode', input }, isOtherCode ? 'code' : `architecture ${architecture}`);
  }
  yield* tagUpdates(
    { ...declared.tags, ...takenOver(seen.tags, world.owner) },
    seen.tags,
    (Tags) => ({ operation: 'TagResource', input: { Resource: seen.arn, Tags } }),
    (TagKeys) => ({ operation: 'UntagResource', input: { Resource: seen.arn, TagKeys } }),
  );
}

/** Re-creates a Failed function if the definition has changed, or updates it if the engine cannot delete it. */
function repair(name: string, seen: SeenFunction, change: Decision, { engine }: World): Decision {
  if (change.do !== 'send')
    return fail(
      `Function ${name} is Failed, expected Active: ${reasonOf(seen)}; ${failureFix(seen.stateReason, seen.settings.runtime) ?? 'fix that in the definition or on the engine. If the engine was the cause, delete the function with npx ready-hooks destroy (or restart LocalStack if that fails) and apply again'}.`,
    );
  if (engine.quirks.failedFunctionStays) return change;
  const request = { operation: 'DeleteFunction' as const, input: { FunctionName: name } };
  return update(request, 'it is Failed and the definition has changed; re-creating it');
}

function reasonOf({ stateReason }: SeenFunction): string {
  return stateReason?.replace(/[.:\s]+$/, '') ?? 'the engine gives no reason';
}
