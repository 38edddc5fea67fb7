import { describe, expect, test } from 'vitest';
import { checkEndpoint, gatewayPort, resolveEndpoint } from '../../../../src/runtime/engine/endpoint.ts';

describe('accepted', () => {
  test.each([
    ['http://localhost:4566', 'http://localhost:4566'],
    ['http://localhost:4566/', 'http://localhost:4566'],
    ['https://localhost.localstack.cloud:4566', 'https://localhost.localstack.cloud:4566'],
    ['http://s3.localhost.localstack.cloud:4566', 'http://s3.localhost.localstack.cloud:4566'],
    ['http://localstack:4566', 'http://localstack:4566'],
    ['http://host.docker.internal:4566', 'http://host.docker.internal:4566'],
    ['http://localstack.default.svc:4566', 'http://localstack.default.svc:4566'],
    ['http://127.0.0.1:4566', 'http://127.0.0.1:4566'],
    ['http://172.17.0.2:4566', 'http://172.17.0.2:4566'],
    ['http://192.168.1.9:4566', 'http://192.168.1.9:4566'],
    ['http://[::1]:4566', 'http://[::1]:4566'],
    ['http://[::ffff:127.0.0.1]:4566', 'http://[::ffff:7f00:1]:4566'],
    ['http://[fd00::1]:4566', 'http://[fd00::1]:4566'],
    ['http://[fe80::1]:4566', 'http://[fe80::1]:4566'],
    ['http://0x7f.1:4566', 'http://127.0.0.1:4566'],
    ['http://2130706433:4566', 'http://127.0.0.1:4566'],
    ['http://LOCALHOST.:4566', 'http://localhost.:4566'],
    ['localhost:4566', 'http://localhost:4566'],
    ['127.0.0.1:4566/', 'http://127.0.0.1:4566'],
  ])('%s', (given, origin) => expect(checkEndpoint(given)).toBe(origin));
});

describe('rejected', () => {
  test.each([
    ['https://kinesis.us-east-1.amazonaws.com', /is AWS itself/],
    ['https://kinesis.us-east-1.amazonaws.com.', /is AWS itself/],
    ['https://KINESIS.us-east-1.AMAZONAWS.COM', /is AWS itself/],
    ['https://kinesis.cn-north-1.amazonaws.com.cn', /is AWS itself/],
    ['https://lambda.us-east-1.api.aws', /is AWS itself/],
    ['http://localhost:4566@kinesis.us-east-1.amazonaws.com', /contains a user name/],
    ['http://example.org:4566', /set READY_HOOKS_ALLOW_HOSTS=example.org/],
    ['http://localhost.example.org', /is not this machine/],
    ['http://127.0.0.1.nip.io:4566', /is not this machine/],
    ['http://8.8.8.8:4566', /is not this machine/],
    ['http://172.32.0.1:4566', /is not this machine/],
    ['http://[2001:db8::1]:4566', /is not this machine/],
    ['http://[::ffff:8.8.8.8]:4566', /is not this machine/],
    ['http://0x08080808:4566', /is not this machine/],
    ['http://134744072:4566', /is not this machine/],
    ['http://0251.0376.0251.0376', /is not this machine/],
    ['http://[::8.8.8.8]:4566', /is not this machine/],
    ['http://[64:ff9b::8.8.8.8]:4566', /is not this machine/],
    ['http://[fd00:ec2::254]', /is not this machine/],
    ['http://[fd::1]:4566', /is not this machine/],
    ['http://[fe8::1]:4566', /is not this machine/],
    ['http://169.254.169.254', /is not this machine/],
    ['http://ip-10-0-0-1.ec2.internal', /is AWS itself/],
    ['http://ip-10-0-0-1.eu-west-1.compute.internal', /is AWS itself/],
    ['http://kinesis.us-east-1.amazonaws。com', /is AWS itself/],
    ['http://localhost%2eexample.org', /is not this machine/],
    ['http://localhost.localstack.cloud.example.org', /is not this machine/],
    ['ftp://localhost:4566', /has the scheme ftp/],
    ['kinesis.us-east-1.amazonaws.com:443', /is AWS itself/],
    ['mailto:x', /has the scheme mailto/],
    ['not a url', /is not a URL/],
    ['http://localhost:4566/000000000000', /has a path/],
  ])('%s', (given, reason) => expect(() => checkEndpoint(given)).toThrow(reason));

  test('allowed by name', () =>
    expect(checkEndpoint('http://dev.example.org', ['dev.example.org'])).toBe('http://dev.example.org'));
  test('AWS is rejected even by name', () =>
    expect(() => checkEndpoint('https://s3.amazonaws.com', ['s3.amazonaws.com'])).toThrow(/AWS itself/));
});

test.each([
  [undefined, {}, 'http://127.0.0.1:4566'],
  [undefined, { GATEWAY_LISTEN: '127.0.0.1:4599' }, 'http://127.0.0.1:4599'],
  [undefined, { AWS_ENDPOINT_URL: 'http://localstack:4566', GATEWAY_LISTEN: ':1' }, 'http://localstack:4566'],
  [undefined, { AWS_ENDPOINT_URL: '', GATEWAY_LISTEN: ':1' }, 'http://127.0.0.1:1'],
  [undefined, { AWS_ENDPOINT_URL_KINESIS: 'http://localstack:1', GATEWAY_LISTEN: ':1' }, 'http://localstack:1'],
  [undefined, { AWS_ENDPOINT_URL: 'http://a:1', AWS_ENDPOINT_URL_KINESIS: 'http://b:1' }, 'http://a:1'],
  ['http://localhost:1', { AWS_ENDPOINT_URL: 'http://localstack:4566' }, 'http://localhost:1'],
  [undefined, { READY_HOOKS_ALLOW_HOSTS: 'a.org,b.org', AWS_ENDPOINT_URL: 'http://b.org' }, 'http://b.org'],
])('resolveEndpoint(%s, %o) is %s', (given, env, expected) => expect(resolveEndpoint(given, env)).toBe(expected));

test.each([
  [undefined, 4566],
  ['0.0.0.0:4566', 4566],
  ['127.0.0.1:4570,0.0.0.0:443', 4570],
  [':4571', 4571],
  ['0.0.0.0', 4566],
])('gatewayPort(%s) is %i', (listen, port) => expect(gatewayPort(listen)).toBe(port));
