import { format } from 'node:util';
import { formatError } from './errors.mjs';

const LEVELS = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' };
let requestId;

/** The invocation that log lines are of. */
export function setRequestId(id) {
  requestId = id;
}

function write(level, message) {
  const line = `${new Date().toISOString()}\t${requestId}\t${level}\t${message}`;
  process.stdout.write(`${line.replaceAll('\n', '\r')}\n`);
}

export function logError(title, error) {
  write('ERROR', `${title}\t${formatError(error)}`);
}

/** Makes console.* write Lambda's lines: time, request id, level and message, tab-separated. */
export function patchConsole() {
  for (const [method, level] of Object.entries(LEVELS)) {
    console[method] = (...args) => write(level, format(...args));
  }
}
