import { expect, test } from 'vitest';
import { diagnose } from '../../../../src/features/doctor/diagnose.ts';
import { parseLog } from '../../../../src/features/doctor/log.ts';
import { facts, log, take } from './facts.ts';

// Lines of LocalStack 4.14.0, as `docker compose logs` prints them.
const OWN = `localstack-1  | 2026-11-25T04:50:47.752  INFO --- [et.reactor-1] l.u.container_networking   : Unable to get network name of main container "localstack-main", falling back to "bridge": localstack-main`;
const NO_ADDRESS = `2026-11-25T04:52:12.492  INFO --- [et.reactor-1] l.u.container_networking   : Unable to get main container IP address: no-such-net`;
const TIMED_OUT = `2026-11-25T04:51:07.713  WARN --- [    Thread-3] l.s.l.i.execution_environm : Execution environment 79381d8aab0c98104d2aef28b658ea9a for function arn:aws:lambda:us-east-1:000000000000:function:take:$LATEST timed out during startup. Check for errors during the startup of your Lambda function and consider increasing the startup timeout via LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT.`;
const FAILED = TIMED_OUT.replace(/timed out.*/, 'failed during startup. Check for errors.');
const INIT = `2026-11-25T04:52:12.824  WARN --- [   asgi_gw_1] l.s.l.i.executor_endpoint  : Execution environment startup failed: {"errorMessage":"no database","errorType":"Error"}`;

const of = (lines: string[], changes = {}) =>
  diagnose(facts({ functions: [take(changes)], ...(lines.length > 0 && { log: log(...parseLog(lines.join('\n'))) }) }));

test.each<[string, string[], RegExp, RegExp]>([
  ['no log', [], /its tag ready-hooks:start is unverified/, /npx ready-hooks apply/],
  [
    'a hostname',
    [OWN, NO_ADDRESS, TIMED_OUT],
    /ls\.log: Unable to get network name .*"localstack-main"/,
    /remove hostname/,
  ],
  [
    'a network',
    [NO_ADDRESS, FAILED],
    /ls\.log: Unable to get main container IP address: no-such-net/,
    /LAMBDA_DOCKER_NETWORK/,
  ],
  ['an error at import', [NO_ADDRESS, INIT, FAILED], /ls\.log: .*no database/, /fix the error in the code/],
  ['nothing else', [TIMED_OUT], /ls\.log: .* timed out during startup/, /--compose/],
])('RH206: a function that has not started successfully, and a log that shows %s', (_, lines, evidence, fix) => {
  const found = of(lines, { unverified: true });
  expect(found.map(({ code }) => code)).toEqual(['RH206']);
  expect(found[0]?.evidence).toMatch(evidence);
  expect(found[0]?.fix).toMatch(fix);
});

test.each<[string, string[], object, string[]]>([
  ['whose start failed by the log', [OWN, TIMED_OUT], {}, ['RH206']],
  [
    'whose start failed once, but whose calls succeed',
    [TIMED_OUT],
    { recentCalls: { at: 0, calls: 2, errors: 0 } },
    [],
  ],
  ['beside one whose start failed', [TIMED_OUT.replace(':take:', ':other:')], {}, []],
  ['of a LocalStack that does not find its container, but starts', [OWN, NO_ADDRESS], {}, []],
  ['that is not created yet', [], { unverified: true, state: 'Pending' }, ['RH202']],
])('a function without the tag %s', (_, lines, changes, expected) => {
  expect(of(lines, changes).map(({ code }) => code)).toEqual(expected);
});
