// Writes each record to the bucket. LocalStack accepts unsigned requests; on AWS use the SDK, which Lambda's runtime includes.
export async function handler({ Records }) {
  for (const { kinesis } of Records) {
    const url = `${process.env.AWS_ENDPOINT_URL}/${process.env.BUCKET}/${kinesis.sequenceNumber}.json`;
    const response = await fetch(url, { method: 'PUT', body: Buffer.from(kinesis.data, 'base64') });
    if (!response.ok) throw new Error(`PUT ${url}: HTTP ${response.status}`);
  }
}
