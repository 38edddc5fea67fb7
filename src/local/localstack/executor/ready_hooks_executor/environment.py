"""The environment of a function's process, and which functions can run. Pure."""

import os
import re


def unsupported(config) -> str | None:
    """Why this function cannot run, and what to do; None if it can."""
    if config.package_type != "Zip":
        return "Without Docker, only zip packages run, and this function is a container image: use `npx ready-hooks up --engine docker`"
    if not re.match(r"nodejs|python3\.", config.runtime or ""):
        return f"Without Docker, only Node.js and Python 3 functions run, and this one has runtime {config.runtime}: use `npx ready-hooks up --engine docker`"
    return None


def function_environment(env_vars: dict[str, object], code: str, runtime: str) -> dict[str, str]:
    """The variables from LocalStack (the function's own, AWS_*) on a base like Lambda's; none of the engine's."""
    env = {"PATH": os.environ["PATH"], "LANG": "en_US.UTF-8"}
    env.update({name: str(value) for name, value in env_vars.items()})
    env["LAMBDA_TASK_ROOT"] = code
    env["AWS_EXECUTION_ENV"] = f"AWS_Lambda_{runtime}"
    return env
