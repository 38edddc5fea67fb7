import base64
import time
from pathlib import Path

import pytest
from testcontainers.community.localstack import LocalStackContainer

READY_D = "/etc/localstack/init/ready.d"


@pytest.fixture(scope="module")
def localstack():
    container = (
        LocalStackContainer("localstack/localstack:4.14.0", region_name="us-east-1")  # its default is us-west-1
        .with_volume_mapping("/var/run/docker.sock", "/var/run/docker.sock", "rw")
        .with_volume_mapping(str(Path("init/ready.d").resolve()), READY_D, "ro")
    )
    with container:
        # LocalStack reports Ready even if a hook failed: this waits for all hooks, and fails if one did.
        hooks = container.exec(["node", f"{READY_D}/ready-hooks.cjs", "--wait"])
        assert hooks.exit_code == 0, hooks.output.decode()
        yield container


def aws(localstack, *args):
    return localstack.exec(["awslocal", *args]).output.decode()


def test_an_event_arrives_in_the_bucket(localstack):
    data = base64.b64encode(b'{"id":"a"}').decode()
    aws(localstack, "kinesis", "put-record", "--stream-name", "events", "--partition-key", "a", "--data", data)
    end = time.monotonic() + 30
    objects = ""
    while ".json" not in objects and time.monotonic() < end:
        time.sleep(0.2)
        objects = aws(localstack, "s3", "ls", "s3://events", "--recursive")
    assert ".json" in objects
