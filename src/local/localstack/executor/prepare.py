"""Creates the files that each start of LocalStack would otherwise create again, in the folders that the environment names."""

import compileall
import importlib
import importlib.metadata
from pathlib import Path

import before  # noqa: F401
import models

from localstack import config

try:
    from localstack.aws.spec import get_service_catalog, load_service
except ImportError:
    # Before 4.8
    from localstack.aws.protocol.service_router import get_service_catalog
    from localstack.aws.spec import load_service

EXECUTOR = Path(__file__).parent
PYTHON_SDK = EXECUTOR.parent / "python-sdk"
PYTHON_SDK_PACKAGES = ["boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"]
PIPELINE_SERVICES = ["kinesis", "s3", "lambda", "sts", "iam", "cloudwatch", "logs"]


def write_catalog():
    """Parses all of botocore's models and writes their index into the cache folder."""
    config.dirs.mkdirs()
    get_service_catalog()


def copy_models():
    import boto3

    models.make_copies()
    boto3.Session().get_available_regions("s3")
    for service in PIPELINE_SERVICES:
        load_service(service)
        boto3.client(service, "us-east-1", aws_access_key_id="test", aws_secret_access_key="test")


def compile_sources():
    """Python writes its byte code beside what it imports."""
    for module in ["plugins", "runtime.main", "aws.components", "runtime.server.twisted"]:
        importlib.import_module(f"localstack.{module}")
    for service in PIPELINE_SERVICES:
        package = "lambda_" if service == "lambda" else service
        importlib.import_module(f"localstack.services.{package}.provider")
    for module in ["early_kinesis", "polling", "iterators", "s3_folder", "warm_up", "ready_hooks_executor.executor"]:
        importlib.import_module(module)


def link_python_sdk():
    """Lambda provides boto3 to Python functions, but none of LocalStack's other packages. These need no compiler, so they run on any Python."""
    PYTHON_SDK.mkdir()
    for package in PYTHON_SDK_PACKAGES:
        distribution = importlib.metadata.distribution(package)
        for name in {file.parts[0] for file in distribution.files} - {"..", "__pycache__"}:
            (PYTHON_SDK / name).symlink_to(distribution.locate_file(name))


def compile_bootstrap():
    compileall.compile_dir(EXECUTOR / "python", quiet=1)
    compileall.compile_dir(PYTHON_SDK, maxlevels=0, quiet=1)


def index_plugins():
    """Last, as plux compares the modification times of folders that byte code is written to."""
    from plux.runtime.cache import EntryPointsCache

    EntryPointsCache.instance().get_entry_points()


write_catalog()
copy_models()
compile_sources()
link_python_sdk()
compile_bootstrap()
index_plugins()
