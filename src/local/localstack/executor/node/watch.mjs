// A separate thread, so that a function in a busy loop, or paused in a debugger, ends with LocalStack too: stdin closes when the engine
// ends. A function under the inspector also ends with the program that asked for it, or with its request.
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';

const end = () => {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
};
const stdin = new Socket({ fd: 0, writable: false });
stdin.on('close', end).on('error', end).resume();
if (workerData) setInterval(() => isWanted(workerData) || end(), 500);

function isWanted({ file, pid }) {
  try {
    return existsSync(file) && process.kill(pid, 0);
  } catch {
    return false;
  }
}
