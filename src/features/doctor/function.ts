import { failureFix } from '../../runtime/resources/function/start.ts';
import { type Finding, finding, iso } from './catalog.ts';
import { tailCommand } from './commands.ts';
import type { Facts, FunctionFacts } from './facts.ts';
import { doesNotStart } from './start.ts';
import { waitsAfterCall } from './waits.ts';

export function diagnoseFunction(seen: FunctionFacts, facts: Facts): Finding | undefined {
  const { name, region, state, reason, updateStatus, runtime } = seen;
  const subject = subjectOf(name);
  const readers = facts.mappings.filter((mapping) => mapping.function === name);
  if (state === undefined)
    return finding(
      'RH203',
      subject,
      `The function ${name} does not exist${readers.length > 0 ? ', but a mapping uses it' : ''}.`,
      `GetFunction ${name} in ${region}: ResourceNotFoundException`,
      'create the function before its mapping, as npx ready-hooks apply does',
    );
  if (state === 'Failed' || updateStatus === 'Failed')
    return finding(
      'RH201',
      subject,
      `The function ${name} is Failed, so its mappings deliver nothing.`,
      `GetFunction ${name}: ${reason?.replace(/[:\s]+$/, '') ?? 'no reason given'}`,
      failureFix(reason, runtime) ??
        'fix the cause shown above, delete the function (restart LocalStack if it rejects that), and re-create it',
    );
  if (state !== 'Active')
    return finding(
      'RH202',
      subject,
      `The function ${name} is ${state}, expected Active.`,
      `GetFunction ${name}: State ${state}${reason ? `, ${reason}` : ''}`,
      'wait: LocalStack in Docker pulls the image of the runtime; if the state does not change, check that /var/run/docker.sock is mounted',
    );
  const start = doesNotStart(seen, facts);
  if (start) return start;
  const failing = failsAlways(seen, facts);
  if (failing) return failing;
  const waiting = readers.length > 0 ? waitsAfterCall(seen, facts) : undefined;
  if (waiting) return waiting;
  // With a mapping, diagnoseMapping checks the role. Without one, the role may be why none could be created.
  return readers.length === 0 ? otherAccount(seen, facts) : undefined;
}

/** The minute of CloudWatch's counts. */
const MINUTE_MS = 60_000;

/** Calls before the function's last update say nothing about its present code and configuration. */
function failsAlways(seen: FunctionFacts, { engine }: Facts): Finding | undefined {
  const { name, account, region, recentCalls, modifiedAt = Number.NEGATIVE_INFINITY } = seen;
  if (!recentCalls || recentCalls.calls === 0 || recentCalls.errors < recentCalls.calls) return undefined;
  const { calls, at, lastError } = recentCalls;
  if ((lastError?.at ?? at + MINUTE_MS) < modifiedAt) return undefined;
  const error = lastError && `; the last error, at ${iso(lastError.at)}: ${lastError.text}`;
  return finding(
    'RH205',
    subjectOf(name),
    `The function ${name} fails on every call, so its batches are retried again and again, or discarded.`,
    `CloudWatch AWS/Lambda: ${calls} of ${calls} calls failed in the last minute with calls (${iso(at)})${error ?? ''}`,
    `see its log with ${tailCommand(name, { endpoint: engine.endpoint, region, account })}, fix the handler, and apply again`,
  );
}

/** The poller assumes the function's role, so it looks for the stream in the account of that role. */
export function otherAccount({ name, roleAccount, account }: FunctionFacts, { engine }: Facts): Finding | undefined {
  if (engine.product !== 'localstack' || roleAccount === undefined || roleAccount === account) return undefined;
  return finding(
    'RH105',
    subjectOf(name),
    `The role of function ${name} belongs to account ${roleAccount}; the poller assumes that role and looks for the stream there.`,
    `GetFunction ${name}: the role belongs to account ${roleAccount}, the stream to account ${account}`,
    `give the function a role in account ${account}: arn:aws:iam::${account}:role/lambda-role`,
  );
}

function subjectOf(name: string) {
  return { label: `function ${name}`, kind: 'function' as const, ref: { name } };
}
