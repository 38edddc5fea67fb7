import os
import signal
import threading


def watch():
    """Ends the function with LocalStack: stdin is a pipe from there. The function itself gets an empty stdin, as on Lambda."""
    pipe = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=end_with, args=[pipe], daemon=True).start()


def end_with(pipe):
    while os.read(pipe, 4096):
        pass
    os.killpg(0, signal.SIGKILL)
