"""What a function's process sees, and which functions can have one. Pure."""

import os


def unsupported(config) -> str | None:
    """Why this function cannot run here, with what to do; None when it can."""
    if config.package_type != "Zip":
        return "Without Docker only zip packages run, this function is a container image: use `up --engine docker`"
    if not (config.runtime or "").startswith("nodejs"):
        return f"Without Docker only Node.js functions run, this one has runtime {config.runtime}: use `up --engine docker`"
    return None


def function_environment(env_vars: dict[str, object], code: str, runtime: str) -> dict[str, str]:
    """The variables LocalStack hands over (function's own, AWS_*) on a base as Lambda's; nothing of the engine's."""
    env = {"PATH": os.environ["PATH"], "LANG": "en_US.UTF-8"}
    env.update({name: str(value) for name, value in env_vars.items()})
    env["LAMBDA_TASK_ROOT"] = code
    env["AWS_EXECUTION_ENV"] = f"AWS_Lambda_{runtime}"
    return env
