"""Starts the Kinesis engine while LocalStack itself starts: it is a separate process, and takes about as long."""

import threading

from localstack import config
from localstack.constants import DEFAULT_AWS_ACCOUNT_ID

try:
    from localstack.services.kinesis.kinesis_mock_server import KinesisServerManager
except ImportError:
    # LocalEmu's Kinesis is part of its own process.
    KinesisServerManager = None

create = KinesisServerManager and KinesisServerManager._create_kinesis_mock_server
lock = threading.Lock()
servers = []


def start():
    """Starts it in the background. LocalStack then uses it for the default account, instead of starting one, once."""
    if not KinesisServerManager:
        return
    lock.acquire()
    threading.Thread(target=start_server, daemon=True).start()
    KinesisServerManager._create_kinesis_mock_server = take_or_create


def start_server():
    try:
        config.dirs.mkdirs()
        server = create(KinesisServerManager(), DEFAULT_AWS_ACCOUNT_ID)
        server.start()
        servers.append(server)
    finally:
        lock.release()


def take_or_create(self, account_id):
    with lock:
        early = account_id == DEFAULT_AWS_ACCOUNT_ID and servers
        server = servers.pop() if early else create(self, account_id)
    server.start()
    # LocalStack waits too, but only after it has registered the server, and then concurrent requests already use it.
    server.wait_is_up(self.default_startup_timeout)
    return server
