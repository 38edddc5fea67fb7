import type { IncomingMessage } from 'node:http';

/** A request's AWS operation, such as `CreateStream` or `HeadBucket`; method and path if it is not one. */
export function operationIn({ method = '', url = '', headers }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').pop() ?? target;
  const { pathname, searchParams } = new URL(url, 'http://engine');
  const path = pathname.replace(/\/$/, '');
  if (/^\/_(localstack|aws|ministack)\//.test(path)) return `${method} ${path}`;
  return lambdaOperation(method, path) ?? s3Operation(method, path, searchParams);
}

export function serviceIn({ headers, url = '' }: IncomingMessage): 'kinesis' | 'lambda' | 's3' {
  if (headers['x-amz-target']) return 'kinesis';
  return /^\/(2015-03-31|2017-03-31)\//.test(url) ? 'lambda' : 's3';
}

function lambdaOperation(method: string, path: string): string | undefined {
  const [, part, one, two] = /^\/20\d\d-\d\d-\d\d\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?/.exec(path) ?? [];
  if (part === 'functions') {
    if (!one) return method === 'POST' ? 'CreateFunction' : 'ListFunctions';
    if (two) return two === 'code' ? 'UpdateFunctionCode' : 'UpdateFunctionConfiguration';
    return method === 'DELETE' ? 'DeleteFunction' : 'GetFunction';
  }
  if (part === 'tags') return { GET: 'ListTags', DELETE: 'UntagResource' }[method] ?? 'TagResource';
  if (part !== 'event-source-mappings') return undefined;
  if (!one) return method === 'POST' ? 'CreateEventSourceMapping' : 'ListEventSourceMappings';
  const verb = { GET: 'Get', PUT: 'Update', DELETE: 'Delete' }[method];
  return `${verb}EventSourceMapping`;
}

function s3Operation(method: string, path: string, query: URLSearchParams): string {
  if (path === '') return 'ListBuckets';
  const verb = { GET: 'Get', PUT: 'Put', DELETE: 'Delete', HEAD: 'Head', POST: 'Post' }[method] ?? method;
  if (path.split('/').length > 2) return `${verb}Object`;
  if (query.has('tagging')) return `${verb}BucketTagging`;
  if (query.has('acl')) return `${verb}BucketAcl`;
  if (query.has('ownershipControls')) return `${verb}BucketOwnershipControls`;
  if (query.has('object-lock')) return 'GetObjectLockConfiguration';
  if (query.has('versions')) return 'ListObjectVersions';
  if (query.has('delete')) return 'DeleteObjects';
  return method === 'PUT' ? 'CreateBucket' : `${verb}Bucket`;
}
