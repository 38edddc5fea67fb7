import { withoutDocker } from '../../runtime/resources/function/function.ts';
import { type Finding, finding, iso } from './catalog.ts';
import type { Facts, FunctionFacts } from './facts.ts';

export function diagnoseFunction(seen: FunctionFacts, facts: Facts): Finding | undefined {
  const { name, state, reason, updateStatus, lately } = seen;
  const subject = subjectOf(name);
  const readers = facts.mappings.filter((mapping) => mapping.function === name);
  if (state === undefined)
    return finding(
      'RH203',
      subject,
      `The function ${name} is not there${readers.length > 0 ? ', and a mapping names it' : ''}.`,
      `GetFunction ${name}: ResourceNotFoundException`,
      'make the function before its mapping: ready-hooks apply does',
    );
  if (state === 'Failed' || updateStatus === 'Failed')
    return finding(
      'RH201',
      subject,
      `The function ${name} is Failed, so its mappings deliver nothing.`,
      `GetFunction ${name}: ${reason ?? 'no reason given'}`,
      withoutDocker(reason) ??
        'mend what the reason says, remove the function (LocalStack may refuse: restart it), and make it anew',
    );
  if (state !== 'Active')
    return finding(
      'RH202',
      subject,
      `The function ${name} is ${state}, expected Active.`,
      `GetFunction ${name}: State ${state}${reason ? `, ${reason}` : ''}`,
      'wait: LocalStack in Docker pulls the image of its runtime; if it stays, see that /var/run/docker.sock is mounted',
    );
  if (lately && lately.calls > 0 && lately.errors >= lately.calls)
    return finding(
      'RH205',
      subject,
      `The function ${name} fails whenever it is called, so what its mappings read is tried again and again, or given up.`,
      `CloudWatch AWS/Lambda: ${lately.calls} of ${lately.calls} calls failed in the last minute that had any (${iso(lately.at)})`,
      `see what it throws with ready-hooks tail ${name} --since 15m, mend the handler, and apply again`,
    );
  // The role matters where its poller finds no stream, or where no mapping could be made.
  return readers.length === 0 ? otherAccount(seen, facts) : undefined;
}

/** The poller assumes the role of its function, and so looks for the stream in the account of the role. */
export function otherAccount({ name, roleAccount, account }: FunctionFacts, { engine }: Facts): Finding | undefined {
  if (engine.product !== 'localstack' || roleAccount === undefined || roleAccount === account) return undefined;
  return finding(
    'RH105',
    subjectOf(name),
    `The role of function ${name} is of account ${roleAccount}; the poller assumes it, and looks for the stream there.`,
    `GetFunction ${name}: the role is of account ${roleAccount}, the stream of account ${account}`,
    `give the function a role of account ${account}: arn:aws:iam::${account}:role/lambda-role`,
  );
}

function subjectOf(name: string) {
  return { label: `function ${name}`, kind: 'function' as const, ref: { name } };
}
