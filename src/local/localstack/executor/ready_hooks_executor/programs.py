"""The program that runs a function: a bootstrap for each language, which all exchange the same messages with the executor."""

import os
import tempfile
from pathlib import Path

from ready_hooks_executor import pythons

EXECUTOR = Path(__file__).parent.parent

NODE = os.environ.get("READY_HOOKS_NODE") or "node"
NODE_BOOTSTRAP = str(EXECUTOR / "node" / "bootstrap.mjs")

PYTHON_OPTIONS = ["-S", "-s", "-u", "-X", "utf8"]
"""Without the packages that are installed for this Python, and with unbuffered output."""


def command(runtime: str) -> list[str]:
    if runtime.startswith("nodejs"):
        return [NODE, NODE_BOOTSTRAP]
    python = pythons.python_for(pythons.minor_of(runtime))
    options = [*PYTHON_OPTIONS, *byte_code(python)]
    return [python.path, *options, str(EXECUTOR / "python"), str(EXECUTOR.parent / "python-sdk")]


def inspected(settings: str) -> list[str]:
    """Node.js under its inspector; without the option, it would write the inspector's address into the function's log."""
    return [NODE, "--inspect-publish-uid=http", NODE_BOOTSTRAP, settings]


def byte_code(python: pythons.Python) -> list[str]:
    """boto3 is compiled for the engine's Python. Others compile it once per engine, which takes a second."""
    return ["-B"] if python == pythons.OWN else ["-X", f"pycache_prefix={os.path.join(tempfile.gettempdir(), 'pycache')}"]


def remark(runtime: str) -> str | None:
    """What the log says about the program; None if there is nothing to say."""
    return None if runtime.startswith("nodejs") else pythons.substitution(runtime)
