import { NodeHttpHandler } from '@smithy/node-http-handler';
import { accessKeyOf } from './endpoint.ts';

/** The configuration of every client of one engine, region and account. Never reads the caller's AWS profile, keys or region. */
export function clientConfig(
  { endpoint, region, account }: { endpoint: string; region: string; account: string },
  requestTimeoutMs: number,
) {
  // On Node below 22 the SDK prints a warning; the hook is tested on 18 to 26.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  return {
    endpoint,
    region,
    credentials: { accessKeyId: accessKeyOf(account), secretAccessKey: 'test' },
    maxAttempts: 1,
    // HTTP/1.1 for Kinesis, too: with its default HTTP/2, some engines fail with a protocol error.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
    // Without these, the SDK reads the environment or ~/.aws/config: it rejects the first two with a custom endpoint, and
    // the mode `auto` calls the metadata service.
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    defaultsMode: 'standard' as const,
    retryMode: 'standard',
    authSchemePreference: ['sigv4'],
  };
}

/** In addition, for S3's client. */
export const S3_CONFIG = {
  forcePathStyle: true,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
} as const;
