"""The process of a function: sends a message, receives one and collects its output meanwhile, all within a deadline."""

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import time

CHUNK = 1 << 18
TICK_S = 1.0


class Gone(Exception):
    """The process ended without a response."""


class LambdaProcess:
    """Messages are lines of JSON on a separate socket, so that stdout and stderr stay the function's. The process
    exits when its stdin closes: nothing outlives LocalStack, however that ends."""

    def __init__(self, command: list[str], env: dict[str, str], cwd: str) -> None:
        self.channel, theirs = socket.socketpair()
        with theirs:
            self.popen = subprocess.Popen(
                [*command, str(theirs.fileno())],
                env=env,
                cwd=cwd,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                pass_fds=[theirs.fileno()],
                # A process group of its own, so that the function's child processes are killed with it.
                start_new_session=True,
            )
        self.channel.setblocking(False)
        os.set_blocking(self.popen.stdout.fileno(), False)
        self.output = bytearray()

    def exchange(self, message: dict | None, deadline: float) -> dict:
        """Sends the message, if any, and waits for the next one. It reads while it writes: neither side can block
        the other, whatever the size. deadline: seconds of time.monotonic(). Raises TimeoutError or Gone."""
        outgoing = memoryview(b"" if message is None else json.dumps(message).encode() + b"\n")
        incoming = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self.popen.stdout, selectors.EVENT_READ)
            selector.register(self.channel, selectors.EVENT_READ | (selectors.EVENT_WRITE if outgoing else 0))
            while True:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise TimeoutError
                events = selector.select(min(remaining, TICK_S))
                # A child process of the function can keep the channel open after the function's process has ended.
                if not events and not self.alive():
                    raise Gone
                for key, ready in events:
                    if key.fileobj is self.popen.stdout:
                        if not self._read_output():
                            selector.unregister(self.popen.stdout)
                        continue
                    if ready & selectors.EVENT_READ:
                        incoming += self._receive()
                        if incoming.endswith(b"\n"):
                            return json.loads(incoming)
                    elif ready & selectors.EVENT_WRITE:
                        outgoing = outgoing[self._send(outgoing[:CHUNK]) :]
                        if not outgoing:
                            selector.modify(self.channel, selectors.EVENT_READ)

    def _receive(self) -> bytes:
        try:
            chunk = self.channel.recv(CHUNK)
        except ConnectionError:
            chunk = b""
        if not chunk:
            raise Gone
        return chunk

    def _send(self, chunk: memoryview) -> int:
        try:
            return self.channel.send(chunk)
        except BlockingIOError:
            return 0
        except ConnectionError as e:
            raise Gone from e

    def _read_output(self) -> bool:
        """Reads once; False at the end of the output."""
        try:
            chunk = os.read(self.popen.stdout.fileno(), CHUNK)
        except BlockingIOError:
            return True
        self.output += chunk
        return bool(chunk)

    def take_output(self) -> bytes:
        """The output so far: both bootstraps write to a pipe synchronously, so all output before a response has arrived."""
        before = -1
        while before != len(self.output):
            before = len(self.output)
            self._read_output()
        output, self.output = bytes(self.output), bytearray()
        return output

    def alive(self) -> bool:
        return self.popen.poll() is None

    def exit_status(self) -> int | None:
        """The exit status of a process that closed its channel; None if it does not end by itself."""
        try:
            return self.popen.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return None

    def signal_end(self) -> None:
        """Kills the process and its group; the caller that waits for the response notices."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, signal.SIGKILL)

    def kill(self) -> bytes:
        """Kills the process and waits for its end. Returns the rest of the output."""
        self.signal_end()
        self.popen.wait()
        output = self.take_output()
        self.channel.close()
        self.popen.stdin.close()
        self.popen.stdout.close()
        return output
