// A thread of its own, so that a function in a busy loop ends with LocalStack too: stdin closes when the engine has gone.
import { Socket } from 'node:net';

const stdin = new Socket({ fd: 0, writable: false });
const end = () => {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
};
stdin.on('close', end).on('error', end).resume();
