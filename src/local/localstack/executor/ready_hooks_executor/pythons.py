"""Chooses the Python that runs functions of a Python runtime."""

import functools
import json
import os
import subprocess
import sys
from typing import NamedTuple

PROBE = "import json, sys; print(json.dumps([sys.executable, sys.version_info[:3]]))"
PROBE_LIMIT_S = 10
OLDEST = (3, 9)
"""For boto3, and for the bootstrap."""


class Python(NamedTuple):
    path: str
    version: tuple[int, int, int]

    @property
    def minor(self) -> int:
        return self.version[1]


OWN = Python(os.path.realpath(sys.executable), sys.version_info[:3])
"""The engine's own, without its virtual environment."""


def minor_of(runtime: str) -> int:
    """python3.12 → 12"""
    return int(runtime.removeprefix("python3."))


@functools.cache
def python_for(minor: int) -> Python:
    return nearest(minor, present(minor))


def nearest(minor: int, pythons: list[Python]) -> Python:
    """The one with the nearest minor version; the newer of two."""
    return min(pythons, key=lambda python: (abs(python.minor - minor), -python.minor))


def present(minor: int) -> list[Python]:
    """The Pythons on this machine, up to the first of this minor version."""
    found = [OWN]
    for path in sorted(os.environ.get("READY_HOOKS_PYTHONS", "").split(os.pathsep), key=lambda path: f"3.{minor}" not in path):
        if found[-1].minor == minor:
            break
        python = probe(path)
        if python and python.version >= OLDEST:
            found.append(python)
    return found


@functools.cache
def probe(path: str) -> Python | None:
    """None if it does not run, such as pyenv's shim of a version that is not selected."""
    try:
        output = subprocess.check_output([path, "-I", "-c", PROBE], timeout=PROBE_LIMIT_S, stderr=subprocess.DEVNULL)
        executable, version = json.loads(output)
        return Python(executable, tuple(version))
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def substitution(runtime: str) -> str | None:
    """What to log for a function that runs on another Python than its runtime's; None if it does not."""
    minor = minor_of(runtime)
    used = python_for(minor)
    if used.minor == minor:
        return None
    return (
        f"ready-hooks: no Python 3.{minor} was found, so this {runtime} function runs on Python {'.'.join(map(str, used.version))}: "
        f"to change that, install Python 3.{minor} (on PATH, or with pyenv) and restart the engine"
    )
