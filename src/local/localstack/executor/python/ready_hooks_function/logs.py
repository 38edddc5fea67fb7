import logging
import sys
import time

NO_BREAK_SPACE = "\u00a0"

request_id = ""


def set_request_id(current):
    """The invocation that log lines are of."""
    global request_id
    request_id = current


class LambdaHandler(logging.Handler):
    """The root logger's handler on Lambda, which logging.basicConfig() therefore leaves alone."""

    def emit(self, record):
        record.aws_request_id = request_id
        write_event(self.format(record))


def set_up():
    logging.Formatter.converter = time.gmtime
    handler = LambdaHandler()
    line = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
    handler.setFormatter(logging.Formatter(line, "%Y-%m-%dT%H:%M:%S"))
    logging.getLogger().addHandler(handler)


def log_error(payload):
    """As Lambda logs it: the traceback keeps its indentation."""
    lines = [f"[ERROR] {payload['errorType']}: {payload['errorMessage']}", "Traceback (most recent call last):"]
    lines += [keep_indentation(line) for entry in payload["stackTrace"] for line in entry.splitlines()]
    write_event("\n".join(lines))


def keep_indentation(line):
    text = line.lstrip(" ")
    return NO_BREAK_SPACE * (len(line) - len(text)) + text


def write_event(text):
    """One event, however many lines it has: \\n would begin the next one."""
    sys.stdout.write(text.replace("\n", "\r") + "\n")
