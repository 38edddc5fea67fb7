import { expect, test } from 'vitest';
import { diagnoseCompose } from '../../../../src/features/doctor/compose-file.ts';
import { composeFacts } from '../../../../src/features/doctor/read-compose.ts';

/** As `docker compose config --format json` prints a project named demo. */
const codes = (service: object, networks: Record<string, object> = { default: { name: 'demo_default' } }) =>
  diagnoseCompose(
    composeFacts(
      'docker-compose.yml',
      {
        name: 'demo',
        networks,
        services: { localstack: { image: 'localstack/localstack:4.14.0', networks: { default: null }, ...service } },
      },
      () => true,
    ),
  ).map(({ code }) => code);

const on = (LAMBDA_DOCKER_NETWORK: string) => ({ environment: { LAMBDA_DOCKER_NETWORK } });

test.each<[string, object, string[]]>([
  ['a hostname', { hostname: 'my-aws' }, ['RH404']],
  ['a hostname and the right network', { hostname: 'my-aws', ...on('demo_default') }, ['RH404']],
  ['a hostname beside another container_name', { hostname: 'my-aws', container_name: 'aws' }, ['RH404']],
  ['a hostname and MAIN_CONTAINER_NAME', { hostname: 'my-aws', environment: ['MAIN_CONTAINER_NAME=aws'] }, []],
  ['a hostname that is the name of its container', { hostname: 'aws', container_name: 'aws' }, []],
  ["a hostname beside LocalStack's usual name", { hostname: 'my-aws', container_name: 'localstack-main' }, []],
  ['a hostname on the host’s network', { hostname: 'my-aws', network_mode: 'host' }, []],
  ['a hostname, and functions as processes', { hostname: 'a', environment: { LAMBDA_RUNTIME_EXECUTOR: 'x' } }, []],
  ['a network that does not exist', on('no-such-net'), ['RH404']],
  ['the bridge', on('bridge'), ['RH404']],
  ['its own network', on('demo_default'), []],
  ['its own network in a project of another name', on('other_default'), []],
  ['its own network and another one', on('demo_default,bridge'), []],
  ['an empty value', on(''), []],
  ['the host’s network', { network_mode: 'host', ...on('bridge') }, []],
])('a service with %s', (_, service, expected) => {
  expect(codes(service)).toEqual(expected);
});

test.each([
  ['by its name in Docker', 'shared', []],
  ['by its key in the file', 'inner', ['RH404']],
])('an external network, %s', (_, name, expected) => {
  const service = { networks: { inner: null }, ...on(name) };
  expect(codes(service, { inner: { name: 'shared', external: true } })).toEqual(expected);
});
