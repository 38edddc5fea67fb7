import { NodeHttpHandler } from '@smithy/node-http-handler';
import { accessKeyOf } from './endpoint.ts';

/** What every client of one engine, region and account has in common. The caller's AWS profile, keys and region are never read. */
export function clientConfig(
  { endpoint, region, account }: { endpoint: string; region: string; account: string },
  requestTimeoutMs: number,
) {
  // Under Node below 22 the SDK prints a warning at the first client; the hook is tried on 18 to 24.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  return {
    endpoint,
    region,
    credentials: { accessKeyId: accessKeyOf(account), secretAccessKey: 'test' },
    maxAttempts: 1,
    // HTTP/1.1 also for Kinesis, whose default HTTP/2 handler other engines answer with a protocol error.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
    // Left out, the SDK takes them from the environment or ~/.aws/config: the first two it refuses with an endpoint of
    // one's own, and the mode `auto` asks the metadata service.
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    defaultsMode: 'standard' as const,
    retryMode: 'standard',
    authSchemePreference: ['sigv4'],
  };
}

/** What S3's client has beside that. */
export const S3_CONFIG = {
  forcePathStyle: true,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
} as const;
