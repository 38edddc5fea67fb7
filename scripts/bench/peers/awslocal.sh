#!/bin/sh
# As LocalStack's documentation shows: awslocal creates a resource, then runs the CLI's own waiter.
# Usage: awslocal.sh ORDER FUNCTION.zip NAME...; ORDER is `plain`, or `best`: it waits for the stream last, when the stream is already ACTIVE.
set -eu
order=$1 zip=$2
shift 2
for name; do
  awslocal s3api create-bucket --bucket "$name"
  awslocal kinesis create-stream --stream-name "$name" --shard-count 1
  [ "$order" = best ] || awslocal kinesis wait stream-exists --stream-name "$name"
  awslocal lambda create-function --function-name "$name" --runtime nodejs22.x --handler index.handler --timeout 30 \
    --role arn:aws:iam::000000000000:role/lambda-role --environment "Variables={BUCKET=$name}" --zip-file "fileb://$zip"
  awslocal lambda wait function-active-v2 --function-name "$name"
  [ "$order" = plain ] || awslocal kinesis wait stream-exists --stream-name "$name"
  uuid=$(awslocal lambda create-event-source-mapping --function-name "$name" --batch-size 10000 \
    --event-source-arn "arn:aws:kinesis:us-east-1:000000000000:stream/$name" --starting-position LATEST --query UUID --output text)
  # The CLI has no waiter for mappings.
  until [ "$(awslocal lambda get-event-source-mapping --uuid "$uuid" --query State --output text)" = Enabled ]; do sleep 0.1; done
done
