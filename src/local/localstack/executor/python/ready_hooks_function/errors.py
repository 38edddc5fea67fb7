import os
import traceback

OWN = os.path.dirname(os.path.dirname(__file__))


class RuntimeFault(Exception):
    """An error of the runtime itself, named as Lambda names it."""

    def __init__(self, kind, message, trace=()):
        super().__init__(message)
        self.type = f"Runtime.{kind}"
        self.trace = list(trace)


def error_payload(error, request_id=""):
    """Lambda's response for an exception."""
    if isinstance(error, RuntimeFault):
        kind, trace = error.type, error.trace
    else:
        kind, trace = type(error).__name__, user_trace(error)
    return {"errorMessage": str(error), "errorType": kind, "requestId": request_id, "stackTrace": trace}


def user_trace(error):
    """The traceback from the function's first line on."""
    frames = traceback.extract_tb(error.__traceback__)
    while frames and frames[0].filename.startswith(OWN):
        del frames[0]
    # Tuples, as Lambda's runtime passes them, leave out the markers (^^^^) below each line.
    return traceback.format_list(map(tuple, frames))
