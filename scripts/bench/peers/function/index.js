// Every contender deploys this function. It writes an object for each record, with unsigned requests, so it needs no SDK.
exports.handler = async ({ Records }) => {
  await Promise.all(
    Records.map(async ({ kinesis }) => {
      const key = Buffer.from(kinesis.data, 'base64').toString();
      const url = `${process.env.AWS_ENDPOINT_URL}/${process.env.BUCKET}/${key}`;
      const { status } = await fetch(url, { method: 'PUT', body: '' });
      if (status !== 200) throw new Error(`PUT ${url}: HTTP ${status}`);
    }),
  );
};
