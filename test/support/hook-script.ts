import { execFile } from 'node:child_process';

/** Runs a ready hook with sh, as an engine does. Its environment is PATH, the engine's endpoint and `variables`. */
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
