// The same pipeline with CDK. Its code is inline, so nothing has to be bootstrapped. NAME names every resource; SOURCE is the function's file.
const { readFileSync } = require('node:fs');
const { App, BootstraplessSynthesizer, Duration, Stack } = require('aws-cdk-lib');
const kinesis = require('aws-cdk-lib/aws-kinesis');
const lambda = require('aws-cdk-lib/aws-lambda');
const { KinesisEventSource } = require('aws-cdk-lib/aws-lambda-event-sources');
const s3 = require('aws-cdk-lib/aws-s3');

const { NAME: name, SOURCE: source } = process.env;
const env = { account: '000000000000', region: 'us-east-1' };
const stack = new Stack(new App(), name, { env, synthesizer: new BootstraplessSynthesizer() });
const bucket = new s3.Bucket(stack, 'Bucket', { bucketName: name });
const stream = new kinesis.Stream(stack, 'Stream', { streamName: name, shardCount: 1 });
const writer = new lambda.Function(stack, 'Function', {
  functionName: name,
  runtime: lambda.Runtime.NODEJS_22_X,
  handler: 'index.handler',
  timeout: Duration.seconds(30),
  environment: { BUCKET: name },
  code: lambda.Code.fromInline(readFileSync(source, 'utf8')),
});
bucket.grantPut(writer);
writer.addEventSource(
  new KinesisEventSource(stream, { batchSize: 10_000, startingPosition: lambda.StartingPosition.LATEST }),
);
