import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Step {
  id?: string;
  name?: string;
  if?: string;
  uses?: string;
  run?: string;
  'working-directory'?: string;
  env?: Record<string, string>;
}

export interface CompositeAction {
  inputs: Record<string, { default: string }>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
}

export const readAction = (folder: string): CompositeAction =>
  parse(readFileSync(join(folder, 'action.yml'), 'utf8')) as CompositeAction;

interface Options {
  /** The folder with action.yml. */
  action: string;
  /** A new folder, for the job's files. */
  temp: string;
  workspace: string;
  inputs: Record<string, string>;
  env: Record<string, string>;
  /** Names of steps to leave out. */
  without?: readonly string[];
}

/** Runs the steps of a composite action as GitHub's runner does, except those that use other actions. */
export async function runAction({ action, temp, workspace, inputs: given, env, without = [] }: Options) {
  const { inputs, outputs, runs } = readAction(action);
  const values: Record<string, string> = {};
  for (const [name, { default: value }] of Object.entries(inputs)) values[`inputs.${name}`] = given[name] ?? value;
  const fill = (text: string) => text.replace(/\$\{\{ (\S+) \}\}/g, (_, key: string) => values[key] ?? '');
  const ran: { name: string; said: string; code: number }[] = [];
  const failed = () => ran.some(({ code }) => code !== 0);
  mkdirSync(temp, { recursive: true });
  for (const [index, step] of runs.steps.entries()) {
    const { id = '', name = id, run, uses } = step;
    if (uses || !run || without.includes(name) || !applies(step.if, values, failed())) continue;
    const script = join(temp, `${index}.sh`);
    const output = join(temp, `${index}.output`);
    writeFileSync(script, fill(run));
    writeFileSync(output, '');
    const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([key, value]) => [key, fill(value)]));
    const cwd = join(workspace, fill(step['working-directory'] ?? '.'));
    const job = { GITHUB_ACTION_PATH: action, GITHUB_OUTPUT: output, RUNNER_TEMP: temp };
    const result = await bash(script, cwd, { ...env, ...job, ...own });
    ran.push({ name, ...result });
    values[`steps.${id}.outcome`] = result.code === 0 ? 'success' : 'failure';
    for (const line of readFileSync(output, 'utf8').split('\n')) {
      const [key = '', ...value] = line.split('=');
      if (key) values[`steps.${id}.outputs.${key}`] = value.join('=');
    }
  }
  const results = Object.entries(outputs).map(([name, { value }]) => [name, fill(value)]);
  return { ran, failed: failed(), outputs: Object.fromEntries(results) as Record<string, string> };
}

/** The conditions that our action uses. */
function applies(condition: string | undefined, values: Record<string, string>, failed: boolean): boolean {
  if (condition === undefined) return !failed;
  const [, step] = /^failure\(\) && steps\.(\S+)\.outcome == 'success'$/.exec(condition) ?? [];
  if (step) return failed && values[`steps.${step}.outcome`] !== 'failure';
  const [, input = '', operator, text] = /^(inputs\.\S+) ([!=]=) '([^']*)'$/.exec(condition) ?? [];
  if (operator === undefined) throw new Error(`Cannot evaluate the condition ${condition}`);
  return !failed && (values[input] === text) === (operator === '==');
}

function bash(script: string, cwd: string, env: Record<string, string>): Promise<{ said: string; code: number }> {
  const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], { cwd, env });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  return new Promise((done) => child.once('close', (code) => done({ said, code: code ?? -1 })));
}
