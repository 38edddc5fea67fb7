import { execFile } from 'node:child_process';

/** Runs a ready hook as an engine does: by sh, with nothing in its environment but PATH, where the engine is, and what is given. */
export function runHookScript(
  script: string,
  endpoint: string,
  variables: Record<string, string> = {},
): Promise<{ code: number; said: string }> {
  const env = { PATH: process.env['PATH'], AWS_ENDPOINT_URL: endpoint, ...variables };
  return new Promise((done) => {
    execFile('sh', [script], { env }, (error, said) => done({ code: Number(error?.code ?? 0), said }));
  });
}
