"""The executor that LocalStack calls: one object per execution environment."""

import threading

from localstack.runtime import events
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from ready_hooks_executor import inspection, programs
from ready_hooks_executor.environment import function_environment, unsupported
from ready_hooks_executor.function_runtime import FunctionRuntime

INIT_LIMIT_S = 10.0
"""As on AWS; a longer init starts again in the invocation, within the function's own timeout."""


class ProcessExecutor(RuntimeExecutor):
    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        self.runtime = FunctionRuntime(function_version, {})
        self.lock = threading.Lock()
        self.invoking = False
        self.stopped = False

    def start(self, env_vars: dict[str, str]) -> None:
        config = self.function_version.config
        code = str(config.code.get_unzipped_code_location())
        self.runtime.env = function_environment(env_vars, code, config.runtime)
        if not inspection.asked_for(self.function_version):
            self.runtime.prepare(INIT_LIMIT_S)

    def stop(self) -> None:
        """Ends the process; a running invocation may finish (an update must not lose it), unless LocalStack stops."""
        with self.lock:
            self.stopped = True
            if self.invoking:
                if events.infra_stopping.is_set():
                    self.runtime.signal_end()
                    inspection.signal_end()
                return
        self.runtime.end()

    def invoke(self, payload: dict[str, str], function_timeout: int | None = None) -> InvocationResult:
        """function_timeout: from LocalEmu only; the configuration has it, too."""
        with self.lock:
            self.invoking = True
        try:
            if asked := inspection.asked_for(self.function_version):
                self.runtime.end()
                return inspection.invoke(asked, self.runtime, payload)
            return self.runtime.invoke(payload, self.function_version.config.timeout)
        finally:
            with self.lock:
                self.invoking = False
            if self.stopped:
                self.runtime.end()

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
        programs.command(function_version.config.runtime)  # may take a second, once: before the init's time limit begins
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        pass

    @classmethod
    def validate_environment(cls) -> bool:
        return True
