"""Runs the invocations of a function, in one process at a time."""

import json
import time

from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult

from ready_hooks_executor import programs, report
from ready_hooks_executor.process import Gone, LambdaProcess

remarked: set[str] = set()
"""The functions whose log has the remark about their program."""


class FunctionRuntime:
    def __init__(self, version: FunctionVersion, env: dict[str, str], inspected: dict | None = None) -> None:
        self.version = version
        self.env = env
        self.inspected = inspected
        self.process: LambdaProcess | None = None
        self.init_ms: float | None = None
        self.inspector: str | None = None
        """The address of the inspector, once the process listens."""

    def prepare(self, limit_s: float) -> str | None:
        """Loads the function before its first invocation. Returns the error, if any: as on AWS, the function still
        becomes Active, and the invocation runs the init again and reports its error."""
        try:
            self._ensure_process(time.monotonic() + limit_s)
            return None
        except report.FunctionError as e:
            error = json.loads(e.payload)
            failure = f"{error.get('errorType')}: {error.get('errorMessage')}"
        except (Gone, TimeoutError):
            failure = "the process ended, or took too long"
        self.end()
        return failure

    def invoke(self, payload: dict[str, str], timeout_s: float) -> InvocationResult:
        request_id = payload["invoke-id"]
        log = report.InvocationLog(request_id, self.version.id.qualifier)
        begin = time.monotonic()
        log.collect(self._remark())
        failure: bytes | None = None
        body = b"null"
        try:
            self._ensure_process(begin + timeout_s)
            begin = time.monotonic()
            answer = self.process.exchange(
                {
                    "requestId": request_id,
                    "functionArn": payload["invoked-function-arn"],
                    "traceId": payload.get("trace-id"),
                    "deadlineMs": int((time.time() + timeout_s) * 1000),
                    "event": payload.get("payload") or "null",
                },
                begin + timeout_s,
            )
            log.max_memory_mb = answer.get("memoryMb")
            if "error" in answer:
                failure = answer["error"].encode()
            else:
                body = answer["result"].encode()
            if answer.get("exiting"):
                log.collect(self.end())
        except report.FunctionError as e:
            failure = e.payload
            log.collect(self.end())
        except TimeoutError:
            log.collect(self.end())
            failure = log.timed_out(timeout_s)
        except Gone:
            status = self.process.exit_status()
            log.collect(self.end())
            failure = log.exited(status)
        if self.process:
            log.collect(self.process.take_output())
        duration_ms = (time.monotonic() - begin) * 1000
        init_ms, self.init_ms = self.init_ms, None
        logs = log.text(duration_ms, self.version.config.memory_size, init_ms)
        return InvocationResult(request_id, body if failure is None else failure, failure is not None, logs)

    def is_running(self) -> bool:
        return self.process is not None and self.process.alive()

    def signal_end(self) -> None:
        """Ends a running invocation, which then fails."""
        if self.process:
            self.process.signal_end()

    def end(self) -> bytes:
        """Kills the process, if any. Returns its remaining output."""
        process, self.process = self.process, None
        return process.kill() if process else b""

    def _ensure_process(self, deadline: float) -> None:
        """Makes sure that a process has loaded the function: the running one, or a new one (cold start)."""
        if self.is_running():
            return
        self.end()
        begin = time.monotonic()
        self.process = LambdaProcess(self._command(), self.env, str(self.version.config.code.get_unzipped_code_location()))
        answer = self.process.exchange(None, deadline)
        self.inspector = answer.get("inspector")
        if "error" in answer:
            raise report.FunctionError(answer["error"].encode())
        self.init_ms = (time.monotonic() - begin) * 1000

    def _remark(self) -> bytes:
        """What the function's first log says about its program."""
        name = self.version.id.qualified_arn()
        remark = programs.remark(self.version.config.runtime)
        if not remark or name in remarked:
            return b""
        remarked.add(name)
        return f"{remark}\n".encode()

    def _command(self) -> list[str]:
        if self.inspected:
            return programs.inspected(json.dumps(self.inspected))
        return programs.command(self.version.config.runtime)
