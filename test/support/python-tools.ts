import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { installLocalStack } from '../../src/local/localstack/install.ts';
import { select } from '../../src/local/localstack/select.ts';

/** Commands that are installed with LocalStack's packages, pinned in its lock. */
export interface PythonTools {
  cfnLint: string;
  /** The folder with `aws`, to prepend to PATH. */
  bin: string;
}

export async function pythonTools(): Promise<PythonTools> {
  const bin = join(await installLocalStack(await select(undefined, {}), {}), 'bin');
  return { cfnLint: join(bin, 'cfn-lint'), bin };
}

/** Runs a command, with only the given environment, PATH and HOME; returns its exit code and output. */
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
