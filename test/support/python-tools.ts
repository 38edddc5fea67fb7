import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { installLocalStack } from '../../src/local/localstack/install.ts';
import { select } from '../../src/local/localstack/select.ts';

/** Commands that come with LocalStack's own packages, pinned in its lock. */
export interface PythonTools {
  cfnLint: string;
  /** Where `aws` is, to be put in front of PATH. */
  bin: string;
}

export async function pythonTools(): Promise<PythonTools> {
  const bin = join(await installLocalStack(await select(undefined, {}), {}), 'bin');
  return { cfnLint: join(bin, 'cfn-lint'), bin };
}

/** Runs a command and gives its exit code and all that it said; nothing of the tester's environment but PATH and HOME leaks in. */
export function said(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<{ code: number; said: string }> {
  const inherited = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  return new Promise((done) => {
    execFile(command, args, { cwd, env: { ...inherited, ...env }, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), said: stdout + stderr }),
    );
  });
}
