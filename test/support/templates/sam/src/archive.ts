interface KinesisEvent {
  Records: { kinesis: { data: string; sequenceNumber: string } }[];
}

/** Unsigned requests, so that it needs no SDK. */
export async function handler({ Records }: KinesisEvent) {
  const { AWS_ENDPOINT_URL, BUCKET } = process.env;
  for (const { kinesis } of Records) {
    const url = `${AWS_ENDPOINT_URL}/${BUCKET}/${kinesis.sequenceNumber}`;
    const response = await fetch(url, { method: 'PUT', body: Buffer.from(kinesis.data, 'base64') });
    if (!response.ok) throw new Error(`PUT ${url}: HTTP ${response.status}`);
  }
  return { batchItemFailures: [] };
}
