"""Lambda functions as Node.js and Python processes, for LocalStack without Docker (LAMBDA_RUNTIME_EXECUTOR=ready-hooks)."""

from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    name = "ready-hooks"

    def load(self, *args, **kwargs):
        from ready_hooks_executor.executor import ProcessExecutor

        return ProcessExecutor
