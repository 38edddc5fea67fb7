"""Gives S3 a folder of this engine's own.

4.14.0 keeps large objects in /tmp/localstack-s3-storage/<bucket>, whatever the temporary folder is. Engines side by side
share that, and DeleteBucket on one removes the folder under the other's bucket of that name.
"""

from after_import import after_import


def use(folder):
    after_import("localstack.services.s3.provider", lambda module: setattr(module, "DEFAULT_S3_TMP_DIR", folder))
