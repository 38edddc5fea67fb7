import type { DeclaredFunction, Existing } from '../../definition/pipeline.ts';
import { fail, type Made, NOTHING, OWN_TAGS, update, type World } from '../kind.ts';

/** Tag of a function that has not been seen to start yet: set when it is created, removed after its first call. */
const TAG = `${OWN_TAGS}start`;
const UNVERIFIED = { [TAG]: 'unverified' };

/** Whether a function has not been seen to start yet. */
export function isUnverified({ tags }: { tags: Record<string, string> }): boolean {
  return TAG in tags;
}

/** An empty batch, marked: the wrapper around the handler of an entry answers it (src/build/pack/probe-wrapper.ts). */
const FIRST_CALL = JSON.stringify({ readyHooksStart: true, Records: [] });

/** The result of the first call in this run. */
export interface FirstCall {
  /** The function's error, if it failed. */
  error?: string;
}

/** The tags of a new function. Outside containers, only its own code can keep it from starting. */
export function startTags({ verifyStart }: DeclaredFunction, { engine }: World): Record<string, string> {
  return verifyStart && engine.functionsInContainers ? UNVERIFIED : {};
}

export function firstCallIn(made: readonly Made[]): FirstCall | undefined {
  const answer = made.flatMap((each) => (each.operation === 'Invoke' ? each.answer : [])).at(-1);
  if (!answer) return;
  return answer.FunctionError ? { error: errorIn(answer.Payload) } : {};
}

function errorIn(payload: Uint8Array = new Uint8Array()): string {
  const text = new TextDecoder().decode(payload);
  try {
    const { errorType = 'Error', errorMessage } = JSON.parse(text);
    return `${errorType}: ${errorMessage}`;
  } catch {
    return text || 'no reason given';
  }
}

/** Calls a function once and checks the result; does nothing for a function that has started before. */
export function verifyStart(
  name: string,
  declared: DeclaredFunction | Existing,
  seen: { arn: string; tags: Record<string, string>; firstCall?: FirstCall },
) {
  if (declared.existing || !isUnverified(seen)) return NOTHING;
  const { firstCall } = seen;
  if (!firstCall)
    return update(
      { operation: 'Invoke', input: { FunctionName: name, Payload: new TextEncoder().encode(FIRST_CALL) } },
      'an empty batch, to check that its container starts',
    );
  if (firstCall.error)
    return fail(
      `Function ${name} does not start: its first call failed with ${firstCall.error}; fix its code and apply again.`,
    );
  return update({ operation: 'UntagResource', input: { Resource: seen.arn, TagKeys: [TAG] } }, 'its container started');
}

/** Why a function's container can never start, from LocalStack's messages; `undefined` for other errors. */
export function containerProblem(message: string): string | undefined {
  if (message.includes('Timeout while starting up lambda environment'))
    return "its container started but could not reach LocalStack: remove hostname from LocalStack's service or set MAIN_CONTAINER_NAME to its container's name, set LAMBDA_DOCKER_NETWORK to a network of that container, and restart it";
  if (message.includes('Could not start new environment'))
    return "Docker could not start its container: check that the network in LAMBDA_DOCKER_NETWORK exists (docker network ls), see LocalStack's log for other reasons, and restart LocalStack";
  return;
}

/** The fix for a function that LocalStack could not create, by LocalStack's reason; `undefined` for other reasons. */
export function failureFix(reason = '', runtime = ''): string | undefined {
  // localstack#8414
  if (reason.includes('Docker not available'))
    return "mount /var/run/docker.sock into LocalStack's container, or set its DOCKER_HOST (with DOCKER_SDK_DEFAULT_RETRIES=40 if Docker starts after it), and restart LocalStack";
  // LocalStack's errors of a pull have no text.
  if (!/^Error while creating lambda:\s*$/.test(reason)) return;
  const image = imageOf(runtime);
  return `LocalStack could not pull ${image}, which it does once after each start, even if Docker has the image: run docker pull ${image} to see why, fix that, and restart LocalStack (it can neither update nor delete this function)`;
}

/** The image that LocalStack runs a runtime in, unless its LAMBDA_RUNTIME_IMAGE_MAPPING names another. */
export function imageOf(runtime: string): string {
  return `public.ecr.aws/lambda/${runtime.replace(/^([a-z]+?)\.?(core.*|al.*|\d.*)$/, '$1:$2').replace(/\.x$/, '')}`;
}
