"""Makes, in the folders that the environment names, what each start of LocalStack would otherwise make again."""

import before  # noqa: F401

from localstack import config

try:
    from localstack.aws.spec import get_service_catalog
except ImportError:
    # Before 4.8
    from localstack.aws.protocol.service_router import get_service_catalog

config.dirs.mkdirs()
# Parses all of botocore's service models, and writes the index of them into the cache folder.
get_service_catalog()
