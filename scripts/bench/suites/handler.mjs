// Stores each event as <type>/<id>.json, skips the type `test`, and reports events without an id as failed.
export const handler = async ({ Records }) => {
  const batchItemFailures = [];
  for (const { kinesis } of Records) {
    const event = JSON.parse(Buffer.from(kinesis.data, 'base64').toString());
    if (event.type === 'test') continue;
    if (event.id === undefined) {
      batchItemFailures.push({ itemIdentifier: kinesis.sequenceNumber });
      continue;
    }
    const url = [process.env.AWS_ENDPOINT_URL, process.env.BUCKET, event.type, `${event.id}.json`].join('/');
    const { ok } = await fetch(url, { method: 'PUT', body: JSON.stringify(event) });
    if (!ok) throw new Error(`PUT ${url}`);
  }
  return { batchItemFailures };
};
