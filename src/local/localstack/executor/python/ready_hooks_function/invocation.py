import json
import os
import resource
import sys
import time
from decimal import Decimal

from ready_hooks_function import logs
from ready_hooks_function.errors import RuntimeFault, error_payload


class CognitoIdentity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


class LambdaContext:
    """The context object of Lambda's Python runtime."""

    def __init__(self, request):
        env = os.environ.get
        self.aws_request_id = request["requestId"]
        self.invoked_function_arn = request["functionArn"]
        self.function_name = env("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = env("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = env("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = env("AWS_LAMBDA_LOG_STREAM_NAME")
        self.identity = CognitoIdentity()
        self.client_context = None
        self.tenant_id = None
        self._deadline_ms = request["deadlineMs"]

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


def invoke(handler, request):
    """Runs one invocation; returns the answer to the executor, `result` or `error` as JSON text."""
    logs.set_request_id(request["requestId"])
    os.environ["_X_AMZN_TRACE_ID"] = request["traceId"] or ""
    try:
        answer = {"result": marshal(handler(json.loads(request["event"]), LambdaContext(request)))}
    except Exception as error:
        payload = error_payload(error, request["requestId"])
        logs.log_error(payload)
        answer = {"error": json.dumps(payload)}
    return {**answer, "memoryMb": memory_mb()}


def marshal(result):
    try:
        return result.decode() if isinstance(result, bytes) else json.dumps(result, default=number)
    except Exception as error:
        raise RuntimeFault("MarshalError", f"Unable to marshal response: {error}")


def number(value):
    """Lambda also accepts decimals, in which DynamoDB returns numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def memory_mb():
    """The most so far."""
    try:
        # Linux's ru_maxrss also counts what the engine used when it started this process.
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 2**10
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 2**20
