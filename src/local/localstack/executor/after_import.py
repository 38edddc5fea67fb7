"""Changes a module of LocalStack when it is loaded: loading it now would make each start slower."""

import importlib.abc
import importlib.util
import sys


class AfterImport(importlib.abc.MetaPathFinder):
    def __init__(self, module, change):
        self.module = module
        self.change = change

    def find_spec(self, name, path=None, target=None):
        if name != self.module:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module

        def execute_and_change(module):
            execute(module)
            self.change(module)

        spec.loader.exec_module = execute_and_change
        return spec


def after_import(module, change):
    sys.meta_path.insert(0, AfterImport(module, change))
