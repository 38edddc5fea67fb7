"""Does what Lambda's Python runtime does: loads the handler, then runs one invocation after the other.

python <this folder> SDK FD — SDK is the folder with boto3, FD the socket to the executor.
"""

import json
import os
import site
import sys

from ready_hooks_function import logs, owner
from ready_hooks_function.channel import Channel
from ready_hooks_function.errors import error_payload
from ready_hooks_function.handler import load_handler
from ready_hooks_function.invocation import invoke

SDK, FD = sys.argv[1:]


def main():
    channel = Channel(int(FD))
    owner.watch()
    logs.set_up()
    look_like_lambda()
    try:
        handler = load_handler(os.environ.get("_HANDLER", ""))
    except Exception as error:
        payload = error_payload(error)
        logs.log_error(payload)
        channel.send({"error": json.dumps(payload), "exiting": True})
        sys.exit(1)
    channel.send({"ready": True})
    while request := channel.receive():
        channel.send(invoke(handler, request))


def look_like_lambda():
    """The function finds its own modules first and boto3 last, and nothing else that is installed on this machine."""
    del sys.argv[1:]
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    sys.path.append(SDK)
    # Python's option -S, which keeps the installed packages out, also leaves out exit(), quit() and help().
    site.setquit()
    site.sethelper()


main()
