import { expect, test } from 'vitest';
import { awsLambda, quoted, readyHooks, tailCommand } from '../../../../src/features/doctor/commands.ts';

const PLACE = { endpoint: 'http://e', region: 'eu-west-1', account: '111122223333' };

test('commands name the address, the region and the account', () => {
  expect(tailCommand('take', PLACE)).toBe(
    'npx ready-hooks tail take --since 15m --region eu-west-1 --account 111122223333 --endpoint http://e',
  );
  expect(awsLambda('list-functions', PLACE)).toBe(
    'AWS_ACCESS_KEY_ID=111122223333 AWS_SECRET_ACCESS_KEY=test aws --endpoint-url http://e --region eu-west-1 lambda list-functions',
  );
  expect(readyHooks('apply', PLACE, 'init/my orders.ts')).toBe(
    "npx ready-hooks apply 'init/my orders.ts' --endpoint http://e",
  );
});

test.each([
  ['init/ready.d/10-a.sh', 'init/ready.d/10-a.sh'],
  ["it's here", "'it'\\''s here'"],
  ['', "''"],
])('%j as a word of a shell: %s', (text, expected) => expect(quoted(text)).toBe(expected));
