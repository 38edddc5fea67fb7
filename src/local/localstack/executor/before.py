"""What must be set before LocalStack is imported."""

import gc
import os
import tempfile
import warnings

# Not by TMPDIR: LocalStack warns of that one, and hooks would inherit it. Before LocalStack reads its settings.
tempfile.tempdir = os.environ["READY_HOOKS_TMP"]
os.makedirs(tempfile.tempdir, exist_ok=True)
warnings.filterwarnings("ignore", message=".*service_identity", category=UserWarning)

# There is no garbage while modules are loaded; warm_up.py turns the collector on again.
gc.disable()

import python312  # noqa: E402, F401
