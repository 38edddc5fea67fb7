"""What Lambda returns and logs for an invocation: failures as payloads, START/END/REPORT lines around the function's output."""

import json
import math
from datetime import datetime, timezone


class FunctionError(Exception):
    """The function could not be loaded; `payload` is the invocation's response."""

    def __init__(self, payload: bytes) -> None:
        super().__init__(payload.decode())
        self.payload = payload


class InvocationLog:
    def __init__(self, request_id: str, version: str) -> None:
        self.request_id = request_id
        self.version = version
        self.output = bytearray()
        self.status = ""
        self.max_memory_mb: int | None = None

    def collect(self, output: bytes) -> None:
        self.output += output

    def timed_out(self, timeout_s: float) -> bytes:
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        message = f"{now} {self.request_id} Task timed out after {timeout_s:.2f} seconds"
        self.collect(f"{message}\n".encode())
        self.status = "\tStatus: timeout"
        return json.dumps({"errorMessage": message}).encode()

    def exited(self, status: int | None) -> bytes:
        """status: as subprocess returns it, negative for a signal; None if we had to kill the process."""
        message = f"RequestId: {self.request_id} Error: {exit_reason(status)}"
        self.collect(f"{message}\nRuntime.ExitError\n".encode())
        self.status = "\tStatus: error\tError Type: Runtime.ExitError"
        return json.dumps({"errorType": "Runtime.ExitError", "errorMessage": message}).encode()

    def text(self, duration_ms: float, memory_mb: int, init_ms: float | None) -> str:
        output = self.output.decode(errors="replace")
        if output and not output.endswith("\n"):
            output += "\n"
        init = "" if init_ms is None else f"\tInit Duration: {init_ms:.2f} ms"
        return (
            f"START RequestId: {self.request_id} Version: {self.version}\n{output}END RequestId: {self.request_id}\n"
            f"REPORT RequestId: {self.request_id}\tDuration: {duration_ms:.2f} ms\tBilled Duration: {math.ceil(duration_ms)} ms"
            f"\tMemory Size: {memory_mb} MB\tMax Memory Used: {self.max_memory_mb or memory_mb} MB{init}{self.status}\n"
        )


def exit_reason(status: int | None) -> str:
    if status is None or status == 0:
        return "Runtime exited without providing a reason"
    if status < 0:
        return f"Runtime exited with error: signal: {-status}"
    return f"Runtime exited with error: exit status {status}"
