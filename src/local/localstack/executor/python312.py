"""LocalStack 4.14.0 is written for Python 3.13. It uses two names that 3.12 lacks, or does not have as a class."""

import threading
import warnings

if not hasattr(warnings, "deprecated"):
    import typing_extensions

    # localstack/utils/tagging.py
    warnings.deprecated = typing_extensions.deprecated

if not isinstance(threading.Lock, type):
    allocate = threading.Lock

    class Lock:
        """For annotations: `Lock | None` (localstack/packages/api.py) needs a class."""

        def __new__(cls):
            return allocate()

    threading.Lock = Lock
