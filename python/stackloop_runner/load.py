"""Loads a hook or command as a module, from its real path."""

import ast
import importlib.util
import sys
from pathlib import Path


def load(file):
    """Executes the file and answers its module. One without a `run` is a program: it is executed as `__main__`."""
    path = Path(file)
    # Its own folder comes first, as for any Python program: that is where it keeps what it imports.
    sys.path.insert(0, str(path.parent))
    name = path.stem if _has_run(path) else "__main__"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _has_run(path):
    try:
        tree = ast.parse(path.read_bytes(), str(path))
    except SyntaxError:
        return False
    return any(_names_run(node) for node in tree.body)


def _names_run(node):
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return node.name == "run"
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return any((alias.asname or alias.name) == "run" for alias in node.names)
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == "run" for target in node.targets)
    return isinstance(node, (ast.If, ast.Try)) and any(_names_run(inner) for inner in node.body)
