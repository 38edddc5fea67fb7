// Waits until standard input ends, then kills every process with the given variable in its environment.
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const [variable] = process.argv.slice(2);
process.stdin.resume();
await new Promise((done) => process.stdin.once('close', done));

// A killed process may have been about to start another: until none is found twice.
for (let none = 0; none < 2; ) {
  const found = processes();
  for (const pid of found) kill(pid);
  none = found.length === 0 ? none + 1 : 0;
  await sleep(500);
}

function processes() {
  // `e` adds each process's environment to its command.
  const list = execFileSync('ps', ['axeww', '-o', 'pid=,command='], { encoding: 'utf8', maxBuffer: 1e8 });
  return list
    .split('\n')
    .filter((line) => line.includes(` ${variable}`))
    .map((line) => Number(line.trim().split(' ')[0]))
    .filter((pid) => pid !== process.pid);
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
