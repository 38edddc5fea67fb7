import type { DeclaredFunction, Existing } from '../../definition/pipeline.ts';
import { fail, type Made, NOTHING, OWN_TAGS, update, type World } from '../kind.ts';

/** Tag of a function that has not been seen to start yet: set when it is created, removed after its first call. */
const TAG = `${OWN_TAGS}start`;
const UNVERIFIED = { [TAG]: 'unverified' };

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
  if (declared.existing || !(TAG in seen.tags)) return NOTHING;
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
    return 'its container started but could not reach LocalStack: remove hostname from the service of LocalStack or set MAIN_CONTAINER_NAME to the name of its container, let LAMBDA_DOCKER_NETWORK name a network that this container is on, and restart it';
  if (message.includes('Could not start new environment'))
    return "Docker could not start its container: check that the network in LAMBDA_DOCKER_NETWORK exists (docker network ls), see LocalStack's log for other reasons, and restart LocalStack";
  return;
}
