// A separate thread, so that a function in a busy loop ends with LocalStack too: stdin closes when the engine ends.
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
