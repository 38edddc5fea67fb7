import importlib.abc
import importlib.util
import sys

PROVIDER = "localstack.services.s3.provider"


class OwnS3Folder(importlib.abc.MetaPathFinder):
    """Gives S3 a folder of this engine's own when LocalStack loads it.

    4.14.0 keeps large objects in /tmp/localstack-s3-storage/<bucket>, whatever the temporary folder is. Engines side by side
    share that, and DeleteBucket on one removes the folder under the other's bucket of that name.
    """

    def __init__(self, folder):
        self.folder = folder

    def find_spec(self, name, path=None, target=None):
        if name != PROVIDER:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module

        def execute_and_set(module):
            execute(module)
            module.DEFAULT_S3_TMP_DIR = self.folder

        spec.loader.exec_module = execute_and_set
        return spec
