import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Finding } from '../../src/features/doctor/catalog.ts';
import type { Status } from '../../src/features/status/status.ts';
import { ExpectedError, TimeoutError } from '../../src/runtime/errors.ts';
import { sendEvents, waitForEvents } from '../../test/support/events.ts';
import { NODES } from './engines.ts';
import type { NodeHook } from './hooks.ts';
import { CHECKS, type Check, type Outcome, stable } from './result.ts';

const COMMAND_LINE = join(import.meta.dirname, '../../bin/ready-hooks.mjs');
const EVENTS = 20;
const HOOK_LIMIT_MS = 180_000;

/** Runs every check of a hook on a running engine; if the hook itself failed, skips the other checks. */
export async function runCell(endpoint: string, hook: NodeHook, signal: AbortSignal): Promise<Record<Check, Outcome>> {
  const checks: Record<Check, () => Promise<void>> = {
    hook: () => hookEnded(hook, signal),
    events: () => delivers(endpoint, hook),
    're-run': () => changesNothing(endpoint, hook),
    status: () => isReady(endpoint, hook),
    doctor: () => isQuiet(endpoint, hook),
  };
  const outcomes = none('not reached');
  for (const check of CHECKS) {
    try {
      await checks[check]();
      outcomes[check] = 'ok';
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      outcomes[check] = stable(error.message);
      if (check === 'hook') break;
    }
  }
  return outcomes;
}

export function none(reason: Outcome): Record<Check, Outcome> {
  return Object.fromEntries(CHECKS.map((check) => [check, reason])) as Record<Check, Outcome>;
}

export async function hookEnded({ code, log, script }: NodeHook, signal: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + HOOK_LIMIT_MS;
  for (;;) {
    const ended = (await readFile(code, 'utf8').catch(() => '')).trim();
    if (ended === '0') return;
    if (ended) throw new ExpectedError(`the hook exited with code ${ended}: ${await lastLine(log)}`);
    if (Date.now() > giveUpAt) throw new TimeoutError(`the hook ${script} did not end: ${await lastLine(log)}`);
    await sleep(200, undefined, { signal });
  }
}

/** The first line that reports a failure, or else the last line. */
async function lastLine(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).trim().split('\n');
  return (
    lines.find((line) => line.startsWith('ready-hooks: ') && / not |reject|refused|failed/i.test(line)) ??
    lines.at(-1) ??
    ''
  );
}

async function delivers(endpoint: string, { resource }: NodeHook): Promise<void> {
  const ids = await sendEvents(endpoint, resource, EVENTS);
  const { counts } = await waitForEvents(endpoint, resource, ids);
  const twice = [...counts.values()].filter((count) => count > 1).length;
  if (twice > 0) throw new ExpectedError(`${twice} of ${EVENTS} events arrived more than once`);
}

/** Runs the hook from outside, as a person would. */
async function changesNothing(endpoint: string, { script, log }: NodeHook): Promise<void> {
  const env = { PATH: process.env['PATH'], AWS_ENDPOINT_URL: endpoint };
  await promisify(execFile)('sh', [script], { env }).catch(async (cause) => {
    throw new ExpectedError(`the hook failed on its second run: ${await lastLine(log)}`, { cause });
  });
  const line = await lastLine(log);
  if (!/all 4 resources unchanged$/.test(line)) throw new ExpectedError(`the hook changed something: ${line}`);
}

/** Checks only this Node's pipeline: each Node has its own cell. */
async function isReady(endpoint: string, hook: NodeHook): Promise<void> {
  const { pipelines } = (await commandLine('status', endpoint, hook)) as Status;
  const open = pipelines.flatMap(({ resources }) => resources).filter(({ state }) => state !== 'ready');
  if (open.length > 0) throw new ExpectedError(open.map(({ resource, state }) => `${resource} is ${state}`).join(', '));
}

async function isQuiet(endpoint: string, hook: NodeHook): Promise<void> {
  const { findings } = (await commandLine('doctor', endpoint, hook)) as { findings: Finding[] };
  const blocking = findings.filter(({ severity }) => severity === 'stops');
  if (blocking.length > 0)
    throw new ExpectedError(blocking.map(({ code, problem }) => `${code} ${problem}`).join('; '));
}

/** Runs a command on the hook's Node, or on the current one if that is too old for the command line. */
async function commandLine(command: string, endpoint: string, { node, definition }: NodeHook): Promise<unknown> {
  const binary = Number(node) < 20 ? process.execPath : join(NODES, 'node_modules', `node${node}`, 'bin/node');
  const args = [COMMAND_LINE, command, definition, '--endpoint', endpoint, '--json'];
  // Also exits with code 1 if another pipeline is not ready.
  const { stdout, stderr } = await promisify(execFile)(binary, args).catch((error) => error);
  if (!stdout) throw new ExpectedError(`${command} on Node ${node} printed nothing: ${stderr}`);
  return JSON.parse(stdout);
}
