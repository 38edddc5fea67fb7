"""Creates the same pipelines with boto3, in one process, with waiters at 0.1 s instead of 1 to 10 s. Usage: boto3_hook.py FUNCTION.zip NAME...

Prints the seconds since it started to create its clients: the time without the start of Python and boto3.
"""
import sys
import time

import boto3

started = time.monotonic()
s3, kinesis, function = (boto3.client(service) for service in ("s3", "kinesis", "lambda"))
fast = {"Delay": 0.1, "MaxAttempts": 600}
with open(sys.argv[1], "rb") as file:
    code = file.read()

for name in sys.argv[2:]:
    s3.create_bucket(Bucket=name)
    kinesis.create_stream(StreamName=name, ShardCount=1)
    function.create_function(
        FunctionName=name,
        Runtime="nodejs22.x",
        Handler="index.handler",
        Timeout=30,
        Role="arn:aws:iam::000000000000:role/lambda-role",
        Environment={"Variables": {"BUCKET": name}},
        Code={"ZipFile": code},
    )
    function.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig=fast)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig=fast)
    mapping = function.create_event_source_mapping(
        FunctionName=name,
        EventSourceArn=f"arn:aws:kinesis:us-east-1:000000000000:stream/{name}",
        BatchSize=10000,
        StartingPosition="LATEST",
    )
    while function.get_event_source_mapping(UUID=mapping["UUID"])["State"] != "Enabled":
        time.sleep(0.1)

print(time.monotonic() - started)
