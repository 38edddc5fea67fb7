#!/bin/sh
# What LocalStack's documentation shows: awslocal, each resource and then the CLI's own waiter. Usage: awslocal.sh FUNCTION.zip NAME...
set -eu
zip=$1
shift
for name; do
  awslocal s3api create-bucket --bucket "$name"
  awslocal kinesis create-stream --stream-name "$name" --shard-count 1
  awslocal kinesis wait stream-exists --stream-name "$name"
  awslocal lambda create-function --function-name "$name" --runtime nodejs22.x --handler index.handler --timeout 30 \
    --role arn:aws:iam::000000000000:role/lambda-role --environment "Variables={BUCKET=$name}" --zip-file "fileb://$zip"
  awslocal lambda wait function-active-v2 --function-name "$name"
  uuid=$(awslocal lambda create-event-source-mapping --function-name "$name" --batch-size 10000 \
    --event-source-arn "arn:aws:kinesis:us-east-1:000000000000:stream/$name" --starting-position LATEST --query UUID --output text)
  # The CLI has no waiter for mappings.
  until [ "$(awslocal lambda get-event-source-mapping --uuid "$uuid" --query State --output text)" = Enabled ]; do sleep 0.1; done
done
