// Commands in findings, complete with address, region and account, so that they run as pasted.

interface Place {
  endpoint: string;
  region: string;
  account: string;
}

export function readyHooks(command: string, { endpoint }: Pick<Place, 'endpoint'>, ...args: string[]): string {
  return ['npx ready-hooks', command, ...args.map(quoted), '--endpoint', endpoint].join(' ');
}

/** The log of a function during the last minutes. */
export function tailCommand(name: string, { endpoint, region, account }: Place): string {
  return readyHooks('tail', { endpoint }, name, '--since', '15m', '--region', region, '--account', account);
}

/** An AWS CLI command; the engine takes the account from the access key. */
export function awsLambda(command: string, { endpoint, region, account }: Place): string {
  return `AWS_ACCESS_KEY_ID=${account} AWS_SECRET_ACCESS_KEY=test aws --endpoint-url ${endpoint} --region ${region} lambda ${command}`;
}

/** A path or name as one word of a shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
