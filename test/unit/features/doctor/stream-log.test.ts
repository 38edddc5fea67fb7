import { expect, test } from 'vitest';
import type { LogEvent } from '../../../../src/features/doctor/facts.ts';
import { type StreamLog, streamLog } from '../../../../src/features/doctor/stream-log.ts';
import { ARN } from './facts.ts';

const NOTHING: StreamLog = {
  deleted: false,
  restarted: false,
  created: false,
  rejected: undefined,
  wasRead: false,
  notFound: false,
};
const request = (operation: 'CreateStream' | 'DeleteStream', status: number) =>
  ({ type: 'request', operation, status }) as const;
const deleted = request('DeleteStream', 200);
const created = request('CreateStream', 200);
const rejected = request('CreateStream', 400);
const restarted: LogEvent = { type: 'kinesis-restarted', line: 'Restarting process' };
const notFound = (operation: string, arn = ARN): LogEvent => ({ type: 'not-found', arn, operation });

test.each<[string, LogEvent[], Partial<StreamLog>]>([
  ['nothing', [], {}],
  ['a creation', [created], { created: true }],
  ['a rejected creation', [rejected], { rejected }],
  ['a deletion', [created, deleted], { deleted: true }],
  ['a rejected deletion', [created, request('DeleteStream', 400)], { created: true }],
  ['a creation after the deletion', [deleted, created], { deleted: true, created: true }],
  ['a creation between two deletions', [deleted, created, deleted], { deleted: true }],
  ['a restart', [created, restarted], { created: true, restarted: true }],
  ['a restart before the deletion', [restarted, deleted], { deleted: true }],
  ['failed reads of the stream', [notFound('GetRecords'), deleted], { deleted: true, wasRead: true }],
  ['failed reads of another stream', [notFound('GetRecords', `${ARN}-2`)], {}],
  ['a poller that never found it', [notFound('DescribeStream')], { notFound: true }],
])('the log shows %s', (_, events, expected) => {
  expect(streamLog(events, ARN)).toEqual({ ...NOTHING, ...expected });
});
