#!/bin/bash
set -euo pipefail
cd "$(dirname "$0")"
name=events failed=0

container=$(docker run --detach --rm -p 127.0.0.1::4566 -v /var/run/docker.sock:/var/run/docker.sock localstack/localstack:4.14.0)
trap 'docker stop --time 10 "$container" >/dev/null; rm -rf "$folder"' EXIT
folder=$(mktemp -d)
AWS_ENDPOINT_URL=http://$(docker port "$container" 4566 | head -1)
export AWS_ENDPOINT_URL
until curl -sf "$AWS_ENDPOINT_URL/_localstack/health" >/dev/null; do sleep 0.5; done

zip -qj "$folder/function.zip" handler.mjs
awslocal s3api create-bucket --bucket $name >/dev/null
awslocal kinesis create-stream --stream-name $name --shard-count 1
awslocal kinesis wait stream-exists --stream-name $name
awslocal lambda create-function --function-name $name --runtime nodejs22.x --handler handler.handler --timeout 30 \
  --role arn:aws:iam::000000000000:role/lambda-role --environment "Variables={BUCKET=$name}" \
  --zip-file "fileb://$folder/function.zip" >/dev/null
awslocal lambda wait function-active-v2 --function-name $name
uuid=$(awslocal lambda create-event-source-mapping --function-name $name --starting-position LATEST \
  --event-source-arn arn:aws:kinesis:us-east-1:000000000000:stream/$name \
  --function-response-types ReportBatchItemFailures --maximum-retry-attempts 1 --query UUID --output text)
until [ "$(awslocal lambda get-event-source-mapping --uuid "$uuid" --query State --output text)" = Enabled ]; do sleep 0.5; done
sleep "$WAIT_S"
echo READY

# Puts the events given as lines of JSON.
put() {
  jq -sc '[.[] | {PartitionKey: "one", Data: tojson}]' >"$folder/records.json"
  awslocal kinesis put-records --stream-name $name --records "file://$folder/records.json" >/dev/null
  sleep "$WAIT_S"
}
keys() { awslocal s3 ls --recursive s3://$name | awk '{print $4}' | sort | paste -sd ' '; }
content() { awslocal s3 cp "s3://$name/$1" -; }
orders() { for n in $(seq "$1"); do echo "{\"id\":$n,\"type\":\"order\"}"; done; }
check() { # TITLE EXPECTED SEEN
  if [ "$2" = "$3" ]; then echo "ok $1"; else echo "not ok $1: expected $2, seen $3"; failed=1; fi
  awslocal s3 rm --recursive --quiet s3://$name
}

put <<<'{"id":"a","type":"order"}'
check 'stores an event' order/a.json "$(keys)"

put <<<'{"id":"a","type":"order","text":"größer \"5\"","n":1.5}'
check 'keeps its content' '{"id":"a","type":"order","text":"größer \"5\"","n":1.5}' "$(content order/a.json)"

orders 20 | put
check 'stores 20 events' 20 "$(keys | wc -w)"

orders 100 | put
check 'stores 100 events' 100 "$(keys | wc -w)"

put <<<'{"id":"a","type":"order"} {"id":"a","type":"return"}'
check 'separates types' 'order/a.json return/a.json' "$(keys)"

put <<<'{"id":"a","type":"order"} {"id":"a","type":"order"}'
check 'stores an event once that was put twice' order/a.json "$(keys)"

put <<<'{"id":"a","type":"order","n":1}'
put <<<'{"id":"a","type":"order","n":2}'
check 'keeps the last event of an id' 2 "$(content order/a.json | jq .n)"

put <<<'{"id":"a","type":"test"} {"id":"b","type":"order"}'
check 'skips tests' order/b.json "$(keys)"

put <<<'{"id":"a","type":"test"}'
check 'stores nothing for a test alone' '' "$(keys)"

put <<<'{"type":"order"} {"id":"b","type":"order"}'
check 'gives up an event without an id' order/b.json "$(keys)"
exit $failed
