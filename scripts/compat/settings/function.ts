import { strToU8, zipSync } from 'fflate';

/** A record's data. `do` is what the function does with it, after it has written the call down. */
export interface Sent {
  id: string;
  do?: 'fail' | 'report' | 'take time';
  kind?: string;
}

/** A call of the function, as the function itself writes it down. */
export interface Call {
  startedAt: number;
  endedAt: number;
  /** The event has a tumbling window. */
  window: boolean;
  records: (Sent & { sequenceNumber: string; shard: string })[];
}

/** The bucket to which the function writes one object for each call, under `<its name>/`. */
export const CALLS = 'compat-calls';

/** It sends unsigned requests, so it needs no SDK and starts fast. */
const SOURCE = `
export const handler = async ({ Records = [], window, state }, { awsRequestId, functionName }) => {
  const startedAt = Date.now();
  const records = Records.map(({ kinesis, eventID }) => ({
    ...JSON.parse(Buffer.from(kinesis.data, 'base64')),
    sequenceNumber: kinesis.sequenceNumber,
    shard: eventID.split(':')[0],
  }));
  const to = (what) => records.filter((record) => record.do === what);
  // Some engines retry a failing batch without a pause, as fast as it fails.
  const ms = to('take time').length > 0 ? 700 : to('fail').length > 0 ? 200 : 0;
  await new Promise((done) => setTimeout(done, ms));
  const body = JSON.stringify({ startedAt, endedAt: Date.now(), window: Boolean(window), records });
  const key = [functionName, awsRequestId + '-' + Math.random()].join('/');
  const response = await fetch(process.env.AWS_ENDPOINT_URL + '/${CALLS}/' + key, { method: 'PUT', body });
  if (!response.ok) throw new Error('PUT ' + key + ': HTTP ' + response.status);
  if (to('fail').length > 0) throw new Error('This record is to fail');
  if (window) return { state: { count: (state?.count ?? 0) + records.length } };
  return { batchItemFailures: to('report').map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })) };
};
`;

export const ZIP = zipSync({ 'index.mjs': strToU8(SOURCE) });
