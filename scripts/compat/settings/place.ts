/** Where the probes create everything. */
export const PLACE = { region: 'us-east-1', account: '000000000000' };
