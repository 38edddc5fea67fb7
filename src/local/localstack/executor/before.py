"""Settings that must be made before LocalStack is imported."""

import gc
import os
import tempfile
import warnings

# Not by TMPDIR: LocalStack warns about it, and hooks would inherit it.
tempfile.tempdir = os.environ["READY_HOOKS_TMP"]
os.makedirs(tempfile.tempdir, exist_ok=True)
warnings.filterwarnings("ignore", message=".*service_identity", category=UserWarning)

# Loading modules makes almost no garbage; warm_up.py enables the collector again.
gc.disable()

import python312  # noqa: E402, F401
