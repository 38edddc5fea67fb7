"""Makes LocalStack load the services of a pipeline as soon as its gateway answers, while the first hook still starts.

LocalStack loads a service at its first request. These are sent one by one, to leave time for the hook's own.
"""

import gc
import http.client
import threading
import time

from localstack import config

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REQUESTS = [
    ("kinesis", "POST", "/", {"X-Amz-Target": "Kinesis_20131202.ListStreams"}, "{}"),
    ("s3", "GET", "/", {}, None),
    ("lambda", "GET", "/2015-03-31/functions/", {}, None),
    ("sts", "POST", "/", FORM, "Action=GetCallerIdentity&Version=2011-06-15"),
]


def start():
    threading.Thread(target=send_all, daemon=True).start()


def send_all():
    try:
        for request in REQUESTS:
            while not answered(*request):
                time.sleep(0.02)
    finally:
        # What has been loaded stays: the collector need not go through it each time.
        gc.freeze()
        gc.enable()


def answered(service, method, path, headers, body):
    """False while the gateway does not listen. Any answer means that the service is loaded, or cannot be."""
    credential = f"test/20260101/us-east-1/{service}/aws4_request"
    authorization = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=none"
    connection = http.client.HTTPConnection("127.0.0.1", config.GATEWAY_LISTEN[0].port)
    try:
        connection.request(method, path, body, {"Authorization": authorization, **headers})
        connection.getresponse().read()
        return True
    except ConnectionRefusedError:
        return False
    except (OSError, http.client.HTTPException):
        return True
    finally:
        connection.close()
