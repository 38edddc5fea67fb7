"""What must be set before LocalStack is imported."""

import os
import tempfile
import warnings

# Not by TMPDIR: LocalStack warns of that one, and hooks would inherit it. Before LocalStack reads its settings.
tempfile.tempdir = os.environ["READY_HOOKS_TMP"]
os.makedirs(tempfile.tempdir, exist_ok=True)
warnings.filterwarnings("ignore", message=".*service_identity", category=UserWarning)

import python312  # noqa: E402, F401
