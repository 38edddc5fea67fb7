import type { LogEvent } from './facts.ts';

const REQUEST = /AWS kinesis\.(CreateStream|DeleteStream) => (\d{3})(?: \((\w+)\))?/;
const NOT_FOUND = /calling the (\w+) operation: Stream arn (arn:\S+) not found/;
const RESTARTED = /Restarting process \(received exit code .*kinesis/;
const UNREAD = /Service raised an error .*EmberException\$ReadTimeout/;
const NOT_JSON = /Unable to convert event data '.*' to json\.\.\. Record will be dropped/;
const START_FAILED =
  /Execution environment \w+ for function arn:\S+:function:([\w-]+):\S+ (?:timed out|failed) during startup/;

const NO_LICENCE = /The license activation failed/;
const POLL_FAILED = /^(?:\S+ +\| )?(\S+) .*Error while polling messages for event source (arn:\S+): /;

const HOOK_FAILED = /Error while running script Script\(path='(?:[^']*\/)?([^'/]+)'[^)]*\): (.*)/;
/** A line that LocalStack wrote itself. */
const OWN_LINE = /^\d{4}-\d\d-\d\dT\d\d:/;
const COMPOSE_PREFIX = /^\S+ +\| /;
/** The last line of a hook that succeeded. */
const IS_READY = /^ready-hooks: \S+ is ready in /;
const LONGEST = 300;

/** LocalStack's lines about the containers of functions. */
const CONTAINERS = [
  ['own-container-unknown', /Unable to get network name of main container "[^"]*", falling back to "bridge"/],
  ['no-address', /Unable to get main container IP address: .*/],
  ['init-failed', /Execution environment startup failed: .*/],
] as const;

/** The lines of a LocalStack log that show the fate of streams and of functions' containers, in order. */
export function parseLog(text: string): LogEvent[] {
  const events: LogEvent[] = [];
  let output = '';
  for (const line of text.split('\n')) {
    const [, operation, status, error] = REQUEST.exec(line) ?? [];
    if (operation)
      events.push({
        type: 'request',
        operation: operation as 'CreateStream',
        status: Number(status),
        ...(error && { error }),
      });
    const [failure, name] = START_FAILED.exec(line) ?? [];
    if (failure && name) events.push({ type: 'start-failed', function: name, line: failure });
    for (const [type, pattern] of CONTAINERS) {
      const [found] = pattern.exec(line) ?? [];
      if (found) events.push({ type, line: found.slice(0, 200) });
    }
    const [, hook, reason = ''] = HOOK_FAILED.exec(line) ?? [];
    const printed = line.replace(COMPOSE_PREFIX, '').trim();
    if (hook) {
      const shown = reason.replace(/^Script \S+ /, '').slice(0, LONGEST);
      events.push({ type: 'hook-failed', hook, reason: shown, ...(output && { output: output.slice(0, LONGEST) }) });
      output = '';
    } else if (printed && !OWN_LINE.test(printed)) output = IS_READY.test(printed) ? '' : printed;
    const [, asked, arn] = NOT_FOUND.exec(line) ?? [];
    if (asked && arn) events.push({ type: 'not-found', arn, operation: asked });
    if (RESTARTED.test(line)) events.push({ type: 'kinesis-restarted', line: line.trim().slice(0, 160) });
    if (NOT_JSON.test(line)) events.push({ type: 'not-json', line: line.trim().slice(0, 160) });
    if (NO_LICENCE.test(line)) events.push({ type: 'no-licence', line: line.trim().slice(0, 160) });
    const [, at, polled] = POLL_FAILED.exec(line) ?? [];
    if (at && polled) events.push({ type: 'poll-failed', arn: polled, at, line: line.trim().slice(0, 240) });
    if (UNREAD.test(line)) events.push({ type: 'kinesis-unread', line: line.trim().slice(0, 160) });
  }
  return events;
}
