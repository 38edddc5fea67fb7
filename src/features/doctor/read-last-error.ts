import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { clientConfig } from '../../runtime/engine/client-config.ts';
import type { Aws } from '../../runtime/engine/connect.ts';
import type { SdkError } from '../../runtime/engine/request-errors.ts';
import { newLogLines } from '../tail/logs.ts';
import { type LogLine, lastError } from './last-error.ts';

const REQUEST_TIMEOUT_MS = 10_000;

/** The last error in a function's log since this time; undefined if the engine keeps no logs. */
export async function readLastError(
  { endpoint, region, account }: Aws,
  name: string,
  since: number,
): Promise<LogLine | undefined> {
  const logs = new CloudWatchLogsClient(clientConfig({ endpoint, region, account }, REQUEST_TIMEOUT_MS));
  try {
    return lastError(await newLogLines({ logs }, name, since)());
  } catch (error) {
    if ((error as SdkError).$metadata?.httpStatusCode !== undefined) return undefined;
    throw error;
  } finally {
    logs.destroy();
  }
}
