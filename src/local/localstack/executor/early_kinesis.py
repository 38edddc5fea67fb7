"""Starts the Kinesis engine while LocalStack itself starts: it is a process of its own, and takes about as long."""

import threading

from localstack import config
from localstack.constants import DEFAULT_AWS_ACCOUNT_ID
from localstack.services.kinesis.kinesis_mock_server import KinesisServerManager

create = KinesisServerManager._create_kinesis_mock_server
lock = threading.Lock()
servers = []


def start():
    """In the background. LocalStack then takes this engine for the default account in place of a new one, once."""
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
    # Here, and not only afterwards: LocalStack already sends the requests of others to a server that this has returned.
    server.wait_is_up(self.default_startup_timeout)
    return server
