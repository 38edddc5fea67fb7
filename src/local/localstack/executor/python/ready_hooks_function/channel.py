import json
import os


class Channel:
    """Messages to and from the executor: lines of JSON on the socket it handed over."""

    def __init__(self, fd):
        os.set_inheritable(fd, False)
        self.incoming = open(fd, "rb")
        self.outgoing = open(fd, "wb", closefd=False)

    def receive(self):
        """The next message; None when the executor is gone."""
        line = self.incoming.readline()
        return json.loads(line) if line else None

    def send(self, message):
        self.outgoing.write(json.dumps(message).encode() + b"\n")
        self.outgoing.flush()
