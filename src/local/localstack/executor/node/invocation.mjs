import { logError } from './console.mjs';
import { errorPayload, RuntimeError } from './errors.mjs';

const serialise = (value) => {
  try {
    return JSON.stringify(value === undefined ? null : value) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
};

const NEVER_SETTLED =
  'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';

/** The context object of Lambda's Node.js runtime. */
function createContext(request, finish) {
  const { env } = process;
  return {
    callbackWaitsForEmptyEventLoop: true,
    succeed: (result) => finish(null, result),
    fail: (error) => finish(error ?? 'handled'),
    done: finish,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: request.functionArn,
    awsRequestId: request.requestId,
    getRemainingTimeInMillis: () => request.deadlineMs - Date.now(),
  };
}

/**
 * Runs one invocation; `answer` is called exactly once with `{result}` or `{error}`, both JSON text.
 * Returns what to do when the event loop runs empty before that.
 */
export function invoke(handler, request, answer) {
  let answered = false;
  let onEmpty = () =>
    handler.constructor?.name === 'AsyncFunction'
      ? finish(new RuntimeError('NodeJsExit', NEVER_SETTLED))
      : finish(null);

  const finish = (error, result) => {
    if (answered) return;
    answered = true;
    let failure = error;
    if (failure === undefined || failure === null) {
      try {
        return answer({ result: serialise(result) });
      } catch (unserialisable) {
        failure = unserialisable;
      }
    }
    logError('Invoke Error', failure);
    answer({ error: JSON.stringify(errorPayload(failure)) });
  };

  const context = createContext(request, finish);
  const callback = (error, result) => {
    const failed = error !== undefined && error !== null;
    if (failed || !context.callbackWaitsForEmptyEventLoop) finish(error, result);
    else onEmpty = () => finish(null, result);
  };

  try {
    const returned = handler(JSON.parse(request.event), context, callback);
    if (typeof returned?.then === 'function') returned.then((result) => finish(null, result), context.fail);
  } catch (error) {
    finish(error);
  }
  return () => onEmpty();
}
