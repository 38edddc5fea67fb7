"""Functions under Node's inspector, for a debugger. src/local/localstack/inspections.ts writes a file for each.

Such a function has one process for all its execution environments, so that each invocation stops at the breakpoints, and no time
limit. The process ends with its file, or with the program that wrote it (node/watch.mjs).
"""

import json
import os
import threading
from pathlib import Path

from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult

from ready_hooks_executor.function_runtime import FunctionRuntime

FOLDER = os.environ.get("READY_HOOKS_INSPECT")
START = '{"readyHooksInspect":true}'
"""An event that only starts the process, and returns the address of its inspector."""
NO_LIMIT_S = 86_400.0
POLL_S = 0.1


def asked_for(version: FunctionVersion) -> dict | None:
    """The content of the function's file, while the program that wrote it runs."""
    name = version.id
    if not FOLDER or name.qualifier != "$LATEST":
        return None
    file = Path(FOLDER, f"{name.account}.{name.region}.{name.function_name}.json")
    try:
        asked = json.loads(file.read_bytes())
        os.kill(asked["pid"], 0)
        return {**asked, "file": str(file)}
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None


def invoke(asked: dict, own: FunctionRuntime, payload: dict[str, str]) -> InvocationResult:
    """own: has the version and environment of the caller."""
    return shared.setdefault(asked["file"], Inspected()).invoke(asked, own, payload)


def signal_end() -> None:
    """Ends all paused invocations, when LocalStack stops."""
    for inspected in shared.values():
        if inspected.runtime:
            inspected.runtime.signal_end()


class Inspected:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.runtime: FunctionRuntime | None = None

    def invoke(self, asked: dict, own: FunctionRuntime, payload: dict[str, str]) -> InvocationResult:
        is_start = payload.get("payload") == START
        # Without the lock: an invocation may be paused.
        if is_start and self._serves(asked, own) and self.runtime.is_running():
            return self._started(payload, None)
        self._acquire(own)
        try:
            if not self._serves(asked, own):
                if self.runtime:
                    self.runtime.end()
                self.runtime = FunctionRuntime(own.version, own.env, asked)
            if not is_start:
                return self.runtime.invoke(payload, NO_LIMIT_S)
            return self._started(payload, self.runtime.prepare(NO_LIMIT_S))
        finally:
            self.lock.release()

    def _acquire(self, own: FunctionRuntime) -> None:
        """An invocation that older code has paused fails, and is repeated with the new code."""
        while not self.lock.acquire(timeout=POLL_S):
            if self.runtime and changed_at(self.runtime) < changed_at(own):
                self.runtime.signal_end()

    def _serves(self, asked: dict, own: FunctionRuntime) -> bool:
        """Also an older version's invocation, which came late."""
        runtime = self.runtime
        return runtime is not None and runtime.inspected == asked and changed_at(runtime) >= changed_at(own)

    def _started(self, payload: dict[str, str], failure: str | None) -> InvocationResult:
        body = {"inspector": self.runtime.inspector, "failure": failure}
        return InvocationResult(payload["invoke-id"], json.dumps(body).encode(), False, "")


def changed_at(runtime: FunctionRuntime) -> str:
    return runtime.version.config.last_modified


shared: dict[str, Inspected] = {}
