import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, cliCommand } from './cli.ts';
import { recorder } from './recorder.ts';

/** A function that records what it handles in `bucket`. */
export const recording = (bucket: string) => ({
  zip: 'recorder.zip',
  runtime: 'nodejs20.x' as const,
  buckets: { BUCKET: bucket },
});

export const latest = (stream: string, fn: string) => ({ stream, function: fn, startingPosition: 'LATEST' as const });

/** The definitions of a project folder, which tests write again and again, and commands in this folder. */
export function project(folder: string, endpoint: string) {
  writeFileSync(join(folder, 'recorder.zip'), recorder.zip);
  const env = { AWS_ENDPOINT_URL: endpoint };
  return {
    define: (name: string, definition: object) =>
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(definition)),
    run: (...args: string[]) => cli(args, { cwd: folder, env }),
    /** Runs a command as the output shows it. */
    paste: (command: string) =>
      new Promise<{ code: number; stdout: string }>((done) => {
        const quoted = cliCommand([]).map((word) => `'${word}'`);
        const shell = command.replace(/npx ready-hooks/, quoted.join(' '));
        const options = { cwd: folder, env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env } };
        execFile('sh', ['-c', shell], options, (error, stdout) => done({ code: Number(error?.code ?? 0), stdout }));
      }),
  };
}
