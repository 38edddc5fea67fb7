import importlib
import sys

from ready_hooks_function.errors import RuntimeFault


def load_handler(name):
    """Loads the function's handler. Raises the errors that Lambda's own runtime does."""
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise RuntimeFault("MalformedHandlerName", f"Bad handler '{name}': {error}")
    module = import_module(module_name)
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise RuntimeFault("HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'")


def import_module(name):
    if name.split(".")[0] in sys.builtin_module_names:
        raise RuntimeFault("BuiltInModuleConflict", f"Cannot use built-in module {name} as a handler module")
    try:
        return importlib.import_module(name.replace("/", "."))
    except ImportError as error:
        raise RuntimeFault("ImportModuleError", f"Unable to import module '{name}': {error}")
    except SyntaxError as error:
        place = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        raise RuntimeFault("UserCodeSyntaxError", f"Syntax error in module '{name}': {error}", [place])
