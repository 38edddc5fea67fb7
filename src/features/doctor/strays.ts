import { type Finding, finding } from './catalog.ts';
import type { Facts } from './facts.ts';

/** Records in a stream of the right name, in a region or account where no mapping reads it. */
export function diagnoseStrays({ strays = [] }: Facts): Finding[] {
  return strays.map(({ stream, read, readHolds }) => {
    const place = stream.account === read.account ? stream.region : `account ${stream.account}, ${stream.region}`;
    const sender =
      stream.account === read.account
        ? `the region ${read.region} (AWS_REGION; the AWS SDKs for JavaScript ignore AWS_DEFAULT_REGION)`
        : `the account ${read.account} (an access key ID of 12 digits selects that account, any other 000000000000)`;
    return finding(
      'RH122',
      `stream ${stream.name} in ${place}`,
      `A stream ${stream.name} in ${place} holds records, but no mapping reads it: the mapping reads the one in ${read.region}${stream.account === read.account ? '' : `, account ${read.account}`}.`,
      `${stream.arn} holds records and has no mapping; ${read.arn} ${readHolds ? 'holds records, too' : 'holds none'}`,
      `give the program that sends the records ${sender}, or delete the stream in ${place} if you do not need it`,
      readHolds ? 'warns' : 'stops',
    );
  });
}
