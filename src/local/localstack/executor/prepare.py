"""Creates the files that each start of LocalStack would otherwise create again, in the folders that the environment names."""

import importlib

import before  # noqa: F401
import models

from localstack import config

try:
    from localstack.aws.spec import get_service_catalog, load_service
except ImportError:
    # Before 4.8
    from localstack.aws.protocol.service_router import get_service_catalog
    from localstack.aws.spec import load_service

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
    for module in ["early_kinesis", "polling", "s3_folder", "warm_up", "ready_hooks_executor.executor"]:
        importlib.import_module(module)


def index_plugins():
    """Last, as plux compares the modification times of folders that byte code is written to."""
    from plux.runtime.cache import EntryPointsCache

    EntryPointsCache.instance().get_entry_points()


write_catalog()
copy_models()
compile_sources()
index_plugins()
