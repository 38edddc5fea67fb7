"""The executor that LocalStack calls: one object per execution environment, with one Node.js process at a time."""

import os
import threading
import time
from pathlib import Path

from localstack.runtime import events
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from ready_hooks_executor import report
from ready_hooks_executor.environment import function_environment, unsupported
from ready_hooks_executor.process import Gone, LambdaProcess

INIT_LIMIT_S = 10.0
"""As on AWS; a longer init starts again in the invocation, within the function's own timeout."""

NODE = os.environ.get("READY_HOOKS_NODE") or "node"
BOOTSTRAP = str(Path(__file__).parent.parent / "node" / "bootstrap.mjs")


class ProcessExecutor(RuntimeExecutor):
    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        self.env: dict[str, str] = {}
        self.process: LambdaProcess | None = None
        self.init_ms: float | None = None
        self.lock = threading.Lock()
        self.invoking = False
        self.stopped = False

    def start(self, env_vars: dict[str, str]) -> None:
        self.env = function_environment(env_vars, self._code(), self.function_version.config.runtime)
        try:
            self._ensure_process(time.monotonic() + INIT_LIMIT_S)
        except (Gone, TimeoutError, report.FunctionError):
            # The function still becomes Active: as on AWS, the invocation runs the init again and reports its error.
            self._end_process()

    def stop(self) -> None:
        """Ends the process; a running invocation may finish (an update must not lose it), unless LocalStack stops."""
        with self.lock:
            self.stopped = True
            if self.invoking:
                if self.process and events.infra_stopping.is_set():
                    self.process.signal_end()
                return
        self._end_process()

    def invoke(self, payload: dict[str, str], function_timeout: int | None = None) -> InvocationResult:
        """function_timeout: from LocalEmu only; the configuration has it, too."""
        with self.lock:
            self.invoking = True
        try:
            return self._invoke(payload)
        finally:
            with self.lock:
                self.invoking = False
            if self.stopped:
                self._end_process()

    def _invoke(self, payload: dict[str, str]) -> InvocationResult:
        request_id = payload["invoke-id"]
        timeout_s = self.function_version.config.timeout
        log = report.InvocationLog(request_id, self.function_version.id.qualifier)
        begin = time.monotonic()
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
                log.collect(self._end_process())
        except report.FunctionError as e:
            failure = e.payload
            log.collect(self._end_process())
        except TimeoutError:
            log.collect(self._end_process())
            failure = log.timed_out(timeout_s)
        except Gone:
            status = self.process.exit_status()
            log.collect(self._end_process())
            failure = log.exited(status)
        if self.process:
            log.collect(self.process.take_output())
        duration_ms = (time.monotonic() - begin) * 1000
        init_ms, self.init_ms = self.init_ms, None
        logs = log.text(duration_ms, self.function_version.config.memory_size, init_ms)
        return InvocationResult(request_id, body if failure is None else failure, failure is not None, logs)

    def _ensure_process(self, deadline: float) -> None:
        """Makes sure that a process has loaded the function: the running one, or a new one (cold start)."""
        if self.process and self.process.alive():
            return
        self._end_process()
        begin = time.monotonic()
        self.process = LambdaProcess([NODE, BOOTSTRAP], self.env, self._code())
        answer = self.process.exchange(None, deadline)
        if "error" in answer:
            raise report.FunctionError(answer["error"].encode())
        self.init_ms = (time.monotonic() - begin) * 1000

    def _end_process(self) -> bytes:
        """Kills the process, if any. Returns its remaining output."""
        process, self.process = self.process, None
        return process.kill() if process else b""

    def _code(self) -> str:
        return str(self.function_version.config.code.get_unzipped_code_location())

    def get_address(self) -> str:
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        return "http://127.0.0.1"

    def get_logs(self) -> str:
        return ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        if reason := unsupported(function_version.config):
            raise ValueError(reason)
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        pass

    @classmethod
    def validate_environment(cls) -> bool:
        return True


