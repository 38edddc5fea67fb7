// Does what Lambda's Node.js runtime does: loads the handler, then runs one invocation after the other.
// node bootstrap.mjs [INSPECTION] FD — FD is the socket to the executor; with INSPECTION (ready_hooks_executor/inspection.py), as JSON, a
// debugger can attach.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Channel } from './channel.mjs';
import { logError, patchConsole, setRequestId } from './console.mjs';
import { errorPayload, RuntimeError } from './errors.mjs';
import { loadHandler } from './handler.mjs';
import { invoke } from './invocation.mjs';

const channel = new Channel(Number(process.argv.pop()));
const inspection = process.argv[2] === undefined ? undefined : JSON.parse(process.argv[2]);
const memoryMb = () => Math.ceil(process.memoryUsage.rss() / 2 ** 20);
let onEmptyLoop = () => {};
let exiting = false;

function crash(title, error, code) {
  if (exiting) return;
  exiting = true;
  logError(title, error);
  const failure = JSON.stringify(errorPayload(error));
  channel.send({ error: failure, exiting: true, memoryMb: memoryMb() }, () => process.exit(code));
}

const worker = new Worker(new URL('./watch.mjs', import.meta.url), {
  stdin: false,
  env: {},
  execArgv: [],
  workerData: inspection,
});
const watching = once(worker, 'online').then(() => worker.unref());
patchConsole();
process.on('uncaughtException', (error) => crash('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason) => {
  crash('Unhandled Promise Rejection', new RuntimeError('UnhandledPromiseRejection', String(reason)), 128);
});
process.on('beforeExit', () => onEmptyLoop());

let inspector;
try {
  const { LAMBDA_TASK_ROOT: root, _HANDLER: name = '' } = process.env;
  if (inspection) inspector = (await import('./inspect.mjs')).openInspector(inspection, root, name);
  const handler = await loadHandler(root, name);
  // An update removes the function's folder during an invocation, and a thread cannot start without one.
  await watching;
  channel.onMessage((request) => {
    channel.listening = false;
    setRequestId(request.requestId);
    process.env._X_AMZN_TRACE_ID = request.traceId ?? '';
    onEmptyLoop = invoke(handler, request, (answer) => {
      onEmptyLoop = () => {};
      if (exiting) return;
      channel.listening = true;
      channel.send({ ...answer, memoryMb: memoryMb() });
    });
  });
  channel.send({ ready: true, inspector });
} catch (error) {
  crash('Uncaught Exception', error, 1);
}
