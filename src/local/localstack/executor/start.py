"""Starts LocalStack. Running this as a script puts its folder on sys.path, where plux finds the executor's entry point."""

import os
import sys
import tempfile

import before  # noqa: F401
import models
import owner
import polling  # noqa: F401
import early_kinesis

owner.watch()
models.read_copies()
early_kinesis.start()

import connections
import idle
import iterators
import s3_folder
import warm_up

from localstack.runtime.main import main
from twisted.internet import endpoints


class LoopbackEndpoint(endpoints.TCP4ServerEndpoint):
    """LocalStack listens on every address, whatever host GATEWAY_LISTEN names (4.14.0, runtime/server/twisted.py)."""

    def __init__(self, reactor, port, backlog=50, interface="127.0.0.1"):
        super().__init__(reactor, port, backlog, interface)


warm_up.start()
endpoints.TCP4ServerEndpoint = LoopbackEndpoint
s3_folder.use(os.path.join(tempfile.tempdir, "s3"))
iterators.keep_positions()
idle.read_less()
connections.keep()
try:
    main()
except SystemExit as end:
    # LocalStack has shut down; its pollers' threads would keep the process alive for seconds.
    sys.stdout.flush()
    sys.stderr.flush()
    owner.clean_up()
    os._exit(end.code if isinstance(end.code, int) else 0 if end.code is None else 1)
