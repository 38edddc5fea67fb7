import { expect, test } from 'vitest';
import { otherEndpoints } from '../../../src/cli/options.ts';
import { choosePlace } from '../../../src/cli/place.ts';

const at = (region: string, account = '000000000000') => ({ file: `init/${region}.ts`, region, account });
const env = { AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'us-west-1' };

test.each([
  ['the option', { region: 'eu-north-1' }, [at('eu-west-1')], env, 'eu-north-1'],
  ['the definition', {}, [at('eu-west-1'), at('eu-west-1')], env, 'eu-west-1'],
  ['AWS_REGION', {}, [], env, 'us-west-2'],
  ['AWS_DEFAULT_REGION', {}, [], { ...env, AWS_REGION: '' }, 'us-west-1'],
  ['the default', {}, [], {}, 'us-east-1'],
  ['the definition of the given account', { account: '2' }, [at('eu-west-1'), at('eu-west-2', '2')], env, 'eu-west-2'],
])('the region is that of %s', (_, given, declared, environment, region) => {
  expect(choosePlace(['s'], given, declared, environment)).toMatchObject({ region });
});

test('the account is that of the option, else of the definition', () => {
  expect(choosePlace(['s'], { account: '2' }, [at('eu-west-1')], {})).toEqual({ region: 'us-east-1', account: '2' });
  expect(choosePlace(['s'], {}, [at('eu-west-1', '2')], {})).toEqual({ region: 'eu-west-1', account: '2' });
  expect(choosePlace(['s'], {}, [], {})).toEqual({ region: 'us-east-1', account: '000000000000' });
});

test.each([
  [['s'], [at('eu-west-1'), at('eu-west-2')], /^s is declared in eu-west-1 \(.*\) and in eu-west-2 \(.*--region\.$/],
  [
    ['a', 'b'],
    [at('eu-west-1', '1'), at('eu-west-1', '2')],
    /^a, b are declared in 1 \(.*\) and in 2 \(.*--account\.$/,
  ],
])('%j in several places must be chosen', (names, declared, message) => {
  expect(() => choosePlace(names, {}, declared, {})).toThrow(message);
});

test.each([
  [{}, undefined],
  [{ AWS_ENDPOINT_URL_KINESIS: 'http://localstack:1' }, undefined],
  [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_S3: 'http://localhost:1/' }, undefined],
  [
    { AWS_ENDPOINT_URL_S3: 'http://minio:9000' },
    /^ready-hooks: warning: AWS_ENDPOINT_URL_S3=http:\/\/minio:9000 is ignored.*127\.0\.0\.1:4566/,
  ],
  [
    { AWS_ENDPOINT_URL: 'http://a:1', AWS_ENDPOINT_URL_S3: 'http://b:1', AWS_ENDPOINT_URL_KINESIS: 'http://c:1' },
    /_KINESIS=http:\/\/c:1 and AWS_ENDPOINT_URL_S3=http:\/\/b:1 are ignored/,
  ],
])('%j warns of other endpoints: %s', (environment, warning) => {
  if (warning === undefined) expect(otherEndpoints(environment)).toBeUndefined();
  else expect(otherEndpoints(environment)).toMatch(warning);
});
